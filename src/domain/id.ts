/** The number of shards that an id can name: 12 bits. All of them are one database. */
export const bucketCount = 4096;

const idPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/**
 * Makes a UUID of version 8 (RFC 9562 5.8): 48 bits of time, 12 bits of bucket, 62 random bits. A child takes the
 * bucket of its root, so that an id names the shard of its row.
 */
export function makeId(nowMs: number, bucket: number, random: Uint8Array): string {
  const time = nowMs.toString(16).padStart(12, "0").slice(-12);
  const variant = (8 + ((random[0] ?? 0) & 3)).toString(16);
  const tail = Array.from(random.subarray(1, 9), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const place = (bucket % bucketCount).toString(16).padStart(3, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-8${place}-${variant}${tail.slice(0, 3)}-${tail.slice(3, 15)}`;
}

/** Tells whether a text has the form of one of our ids. No other text can name a row, so no query is needed for it. */
export function isId(text: string): boolean {
  return idPattern.test(text);
}

const anyId = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
const reference = /^txn-\d{8}-[0-9a-z]{8}$/i;

/**
 * Returns an id as we write it, because ids compare without case: UUIDs in small letters (RFC 9562 4), references of
 * transfers in capitals. Other texts, such as Stripe's ids, stay as they are.
 */
export function canonicalId(text: string): string {
  return reference.test(text) ? text.toUpperCase() : text.replace(anyId, (id) => id.toLowerCase());
}

/** Returns the bucket of an id, which names the shard of its row. */
export function bucketOf(id: string): number {
  return Number.parseInt(id.slice(15, 18), 16);
}

/** Returns the time at which an id was made, in milliseconds. */
export function timeOf(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/**
 * Returns a text that sorts behind all ids made until a moment and before all later ones: ids sort by their creation.
 */
export function behindIdsOf(atMs: number): string {
  const time = Math.max(0, atMs).toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}~`;
}
