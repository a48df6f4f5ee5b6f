import { dayMs } from "../time";

/** The most days for which an offer can be valid. */
const validDaysMax = 365;

/** Tells whether an offer may end at a moment: in the future, and not later than a year from now. */
export function isValidEnd(endMs: number, nowMs: number): boolean {
  return endMs > nowMs && endMs <= nowMs + validDaysMax * dayMs;
}

/** Tells whether the time of an offer is over: no page is opened for it any more. */
export function isOver({ validUntil }: { validUntil: number | null }, nowMs: number): boolean {
  return validUntil !== null && nowMs >= validUntil;
}
