import { keepLook, type StripeEffect } from "../db/stripe-effects";
import { type ListPosition, startOfSpan } from "../domain/list-position";
import { failure, type StripeOutcome } from "../stripe/failure";
import type { Sought } from "../stripe/read-list";
import type { Deps } from "./deps";
import { sendingKnownMs } from "./effects";

/** Stripe's clock and ours may differ. */
const clockSkewMs = 60_000;

/**
 * How long after its sending a call may still have made something, at most: the SDK's own repeat, a machine that stood
 * still in between, Stripe's own delay, and both clocks. Too late an end costs pages; too early a one would make the same
 * object twice.
 */
const answerMs = 10 * 60_000;

/**
 * Looks in one of Stripe's lists for what a call with an unknown outcome has made: between its claim and its last sending.
 * A span that holds more than one run reads is read on by the next. "There is none" is answered only after all of it.
 */
export async function lookUp<Value>(
  deps: Deps,
  effect: StripeEffect,
  find: (start: ListPosition) => Promise<Sought<Value>>,
): Promise<StripeOutcome<Value | undefined>> {
  const { found, rest, failure: stopped } = await find(effect.look ?? spanOf(effect));
  if (found !== undefined || rest === null) return { ok: true, value: found };
  await deps.db.batch([keepLook(deps.db, effect, rest)]);
  return { ok: false, failure: stopped ?? failure("not_read_yet", "Stripe's list is not read to the end yet") };
}

function spanOf({ createdAt, lastSentAt }: StripeEffect): ListPosition {
  return startOfSpan(createdAt - clockSkewMs, lastSentAt + sendingKnownMs + answerMs);
}
