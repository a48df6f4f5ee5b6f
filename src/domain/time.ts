/*
 * Times are numbers of milliseconds.
 */

export const secondMs = 1_000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/**
 * Returns the delay until something is looked at again: as long as it has existed, so that intervals double, but within
 * bounds.
 */
export function backOffMs(ageMs: number, { least, most }: { least: number; most: number }): number {
  return Math.min(Math.max(ageMs, least), most);
}
