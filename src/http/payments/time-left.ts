const units = [
  { name: "hour", ms: 60 * 60 * 1000 },
  { name: "minute", ms: 60 * 1000 },
  { name: "second", ms: 1000 },
] as const;

/** Prints the time left, in the largest unit of which there are at least two, or else in seconds: "5 minutes". */
export function timeLeft(untilMs: number, nowMs: number): string {
  const leftMs = Math.max(untilMs - nowMs, 0);
  const { name, ms } = units.find((unit) => leftMs >= 2 * unit.ms) ?? units[2];
  const count = Math.round(leftMs / ms);
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}
