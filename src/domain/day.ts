const dayMs = 24 * 60 * 60 * 1000;

/** A moment's UTC day, "2026-11-20": what a completed transfer is settled by. */
export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

/** When a day begins, in milliseconds. */
export function startOf(day: string): number {
  return Date.parse(`${day}T00:00:00.000Z`);
}

/** Every day from one to another, both included; none when the first is the later. */
export function daysFrom(first: string, last: string): string[] {
  const count = Math.max(Math.round((startOf(last) - startOf(first)) / dayMs) + 1, 0);
  return Array.from({ length: count }, (_, index) => dayOf(startOf(first) + index * dayMs));
}

export function dayBefore(day: string): string {
  return dayOf(startOf(day) - dayMs);
}

export function dayAfter(day: string): string {
  return dayOf(startOf(day) + dayMs);
}

/** The day that must be settled by now: the one before yesterday, or from 23:59 on yesterday. */
export function dayToSettle(nowMs: number): string {
  return dayOf(nowMs + 60_000 - 2 * dayMs);
}
