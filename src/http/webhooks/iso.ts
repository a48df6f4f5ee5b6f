/** A moment as these routes print it. */
export function toIso<T extends number | null>(ms: T): T extends null ? string | null : string {
  return (ms === null ? null : new Date(ms).toISOString()) as T extends null ? string | null : string;
}
