/**
 * The position up to which a span of one of Stripe's lists was read. It is plain data, so that the next run continues
 * where the last one stopped. Stripe lists newest first: a span that is too long for one run shrinks from its later
 * end.
 */
export interface ListPosition {
  /** The whole span, in Stripe's seconds, both ends included. */
  fromSeconds: number;
  endSeconds: number;
  /** The later end of the part that is not read yet. */
  untilSeconds: number;
  /** The id of the object that was read last, because many objects may share a second. Null before the first. */
  after: string | null;
}

/** Returns a span of which nothing is read yet. Stripe counts in whole seconds, so both ends are rounded outwards. */
export function startOfSpan(fromMs: number, untilMs: number): ListPosition {
  const endSeconds = Math.ceil(untilMs / 1000);
  return { fromSeconds: Math.floor(fromMs / 1000), endSeconds, untilSeconds: endSeconds, after: null };
}
