// node edit.mjs IN OUT EDIT
//
// Opens the raw Automerge bytes in IN with the stock library, makes one change as EDIT says and writes the bytes of
// that change alone to OUT, for another library to apply. Prints {hash, actor, seq, heads} as one JSON object.
//
// EDIT is JSON: {"actor": hex, "time": seconds, "message": text, "set": {key: value}, "delete": [key]}; only `actor`
// is required. Strings are stored as scalar strings, as in every record.
import { readFileSync, writeFileSync } from "node:fs";
import * as Automerge from "@automerge/automerge";
import { toScalar } from "./record.mjs";

const [input, output, edit, ...rest] = process.argv.slice(2);
if (edit === undefined || rest.length > 0) {
  console.error('usage: node edit.mjs IN OUT \'{"actor": "…", "set": {"field": "value"}}\'');
  process.exit(2);
}

const { actor, time = 0, message, set = {}, delete: removed = [] } = JSON.parse(edit);
const before = Automerge.load(new Uint8Array(readFileSync(input)), { actor });
const after = Automerge.change(before, { time, message }, (fields) => {
  for (const [key, value] of Object.entries(set)) fields[key] = toScalar(value);
  for (const key of removed) delete fields[key];
});

const change = Automerge.getLastLocalChange(after);
if (change === undefined || after === before) {
  console.error("the edit changes nothing");
  process.exit(1);
}
writeFileSync(output, change);
// Not `decodeChange`: it refuses a change that holds an integer beyond 2^53, which documents may hold.
const [{ hash, seq }] = Automerge.getChangesMetaSince(after, Automerge.getHeads(before));
console.log(JSON.stringify({ hash, actor, seq, heads: [...Automerge.getHeads(after)].sort() }));
