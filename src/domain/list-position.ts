/**
 * How far a span of one of Stripe's lists was read. Plain data, so that the next run goes on where this one stopped.
 * Stripe lists newest first: a span that holds more than one run can read shrinks from its later end.
 */
export interface ListPosition {
  /** The whole span, in Stripe's seconds. Both ends are in it. */
  fromSeconds: number;
  endSeconds: number;
  /** The later end of what is not read yet. */
  untilSeconds: number;
  /** The object that was read last: many may share a second. Null before the first. */
  after: string | null;
}

/** A span of which nothing is read yet. Stripe counts in whole seconds, so both ends are rounded outwards. */
export function startOfSpan(fromMs: number, untilMs: number): ListPosition {
  const endSeconds = Math.ceil(untilMs / 1000);
  return { fromSeconds: Math.floor(fromMs / 1000), endSeconds, untilSeconds: endSeconds, after: null };
}
