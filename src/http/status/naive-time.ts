/** Prints "2026-11-20 13:21:59.123000" in UTC: the form of the documented service pages. */
export function naiveTime(atMs: number): string {
  return `${new Date(atMs).toISOString().replace("T", " ").replace("Z", "")}000`;
}
