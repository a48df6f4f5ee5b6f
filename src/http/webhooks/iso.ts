/** Prints a time in the form of these routes. */
export function toIso<T extends number | null>(ms: T): T extends null ? string | null : string {
  return (ms === null ? null : new Date(ms).toISOString()) as T extends null ? string | null : string;
}
