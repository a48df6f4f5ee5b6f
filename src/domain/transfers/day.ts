import { dayMs, minuteMs } from "../time.ts";

/** The first day of the system: nothing was moved or settled before it. */
export const firstDay = "2026-01-01";

/** Returns the UTC day of a moment, as "2026-11-20". Completed transfers are settled by this day. */
export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

/** Returns the beginning of a UTC day in milliseconds. */
export function startOf(day: string): number {
  return Date.parse(`${day}T00:00:00.000Z`);
}

/** Lists the days from the first to the last, both included. The list is empty if the first is the later one. */
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

/** Returns the last day that must be settled at this moment: the day before yesterday, or yesterday from 23:59 on. */
export function dayToSettle(nowMs: number): string {
  return dayOf(nowMs + minuteMs - 2 * dayMs);
}
