// node read.mjs FILE
//
// Opens raw Automerge bytes (a saved document, or changes one after another) with the stock library and prints one
// JSON object: {values, heads, conflicts, changes}. `conflicts` has an entry only for a key with more than one
// concurrent value: {key: {operation id: value}}. `changes` stand in an order in which they can be applied.
import { readFileSync } from "node:fs";
import * as Automerge from "@automerge/automerge";
import { mapValues, toPlain } from "./record.mjs";

const [file, ...rest] = process.argv.slice(2);
if (file === undefined || rest.length > 0) {
  console.error("usage: node read.mjs FILE");
  process.exit(2);
}

const record = Automerge.load(new Uint8Array(readFileSync(file)));
const conflicts = {};
for (const key of Object.keys(record).sort()) {
  const rivals = Automerge.getConflicts(record, key);
  if (rivals !== undefined) conflicts[key] = mapValues(rivals, toPlain);
}
const changes = Automerge.getChangesMetaSince(record, []).map(({ hash, actor, seq, time, message, deps }) => ({
  hash,
  actor,
  seq,
  time,
  message: message ?? null,
  deps,
}));

console.log(
  JSON.stringify({
    values: mapValues(record, toPlain),
    heads: [...Automerge.getHeads(record)].sort(),
    conflicts,
    changes,
  }),
);
