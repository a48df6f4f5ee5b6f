/** Prints a time in UTC without its zone, as the documented service pages do: "2026-11-20 13:21:59.123000". */
export function naiveTime(atMs: number): string {
  return `${new Date(atMs).toISOString().replace("T", " ").replace("Z", "")}000`;
}
