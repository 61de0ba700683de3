// What both scripts know about a record: it is one flat map from field path to scalar.
//
// In the JavaScript library a plain string assigned to a field becomes a nested text object; a scalar string is an
// `ImmutableString`. Records hold scalars only, so strings are wrapped on the way in and unwrapped on the way out.
import { ImmutableString, Counter, isCounter, isImmutableString } from "@automerge/automerge";

/** A value of the library as plain JSON. Bytes become `{"bytes": hex}`, times `{"timestamp": milliseconds}`,
 *  integers beyond 2^53 `{"integer": digits}`; a nested object (which no record has) shows as `map`, `list` or `text`. */
export function toPlain(value) {
  if (isImmutableString(value)) return value.val;
  if (isCounter(value)) return { counter: value.value };
  if (value instanceof Date) return { timestamp: value.getTime() };
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString("hex") };
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : { integer: `${value}` };
  if (Array.isArray(value)) return { list: value.map(toPlain) };
  if (value !== null && typeof value === "object") return { map: mapValues(value, toPlain) };
  if (typeof value === "string") return { text: value };
  return value;
}

/** A plain JSON value as the scalar a record stores; the inverse of `toPlain` for every scalar. */
export function toScalar(value) {
  if (typeof value === "string") return new ImmutableString(value);
  if (value === null || typeof value !== "object") return value;
  if ("bytes" in value) return Uint8Array.from(Buffer.from(value.bytes, "hex"));
  if ("timestamp" in value) return new Date(value.timestamp);
  if ("counter" in value) return new Counter(value.counter);
  if ("integer" in value) return BigInt(value.integer);
  throw new Error(`a record holds scalars only, not ${JSON.stringify(value)}`);
}

/** The same keys, sorted, each value through `convert`. */
export function mapValues(object, convert) {
  return Object.fromEntries(
    Object.keys(object)
      .sort()
      .map((key) => [key, convert(object[key])]),
  );
}
