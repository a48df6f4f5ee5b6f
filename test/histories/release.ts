/** Tells whether a payout may be sent at a moment, by the rule of the history. */
export function isReleased(rule: string, acceptedAtMs: number, nowMs: number, isCompleted: boolean): boolean {
  if (rule === "completed") return isCompleted;
  const days = rule.startsWith("days:") ? Number(rule.slice("days:".length)) : 0;
  return nowMs >= acceptedAtMs + days * 24 * 60 * 60 * 1_000;
}
