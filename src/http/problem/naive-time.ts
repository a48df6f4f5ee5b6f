/** "2026-11-20 13:21:59.123000": the form that the service's own pages are documented with, in UTC. */
export function naiveTime(atMs: number): string {
  return `${new Date(atMs).toISOString().replace("T", " ").replace("Z", "")}000`;
}
