import type { RestoreMark } from "../db/restore-mark";
import { keepSearch, type StripeEffect } from "../db/stripe-effects";
import { type ListPosition, startOfSpan } from "../domain/list-position";
import { minuteMs } from "../domain/time";
import { failure, type StripeOutcome } from "../stripe/failure";
import type { Sought } from "../stripe/read-list";
import type { Deps } from "./deps";
import { sendingKnownMs, wasAnswered } from "./effects";
import { lostTimeOf } from "./lost-time";

/** The most that Stripe's clock and ours differ. Both are set over the network, to well below a second. */
const clockSkewMs = 30_000;

/**
 * The longest time after its sending in which an unanswered call may still make something: the SDK's own repeat, a
 * suspended machine in between, Stripe's own delay, and both clocks. Too long a time costs pages; too short a one could
 * make the same object twice.
 */
const answerMs = 10 * minuteMs;

/**
 * Looks in one of Stripe's lists for what a call with an unknown outcome has made: between the first sending of its
 * present key and the last one. What earlier keys may have made was looked for before the present one was used; after a
 * restore of the database, the lost time is searched as well. A span that is too long for one run is continued by the
 * next. "There is none" is returned only after the whole span.
 */
export async function findOutcome<Value>(
  deps: Deps,
  effect: StripeEffect,
  find: (start: ListPosition) => Promise<Sought<Value>>,
): Promise<StripeOutcome<Value | undefined>> {
  const lost = await lostTimeOf(deps, effect.subjectId);
  const start = lost ? lostSpanOf(effect, lost) : (effect.look ?? spanOf(effect));
  const { found, rest, failure: stopped } = await find(start);
  if (found !== undefined || rest === null) return { ok: true, value: found };
  await deps.db.batch([keepSearch(deps.db, effect, rest)]);
  return { ok: false, failure: stopped ?? failure("not_read_yet", "Stripe's list is not read to the end yet") };
}

/**
 * Returns the span of time in which the call can have made something. It ends soon after the last sending: thousands of
 * calls may be pending after an outage, and none should read the objects that the others make later.
 */
function spanOf(effect: StripeEffect): ListPosition {
  const { sentAt, createdAt, lastSentAt } = effect;
  const untilMs = wasAnswered(effect) ? lastSentAt + clockSkewMs : lastSentAt + sendingKnownMs + answerMs;
  return startOfSpan((sentAt ?? createdAt) - clockSkewMs, untilMs);
}

/**
 * Returns the span of a search that includes the lost time. The restored row knows neither what was sent in that time
 * nor how far it was searched.
 */
function lostSpanOf(effect: StripeEffect, { restoredToMs, markedAtMs }: RestoreMark): ListPosition {
  const lost = startOfSpan(restoredToMs - clockSkewMs, markedAtMs + answerMs);
  const isSentSince = effect.createdAt >= markedAtMs && effect.attempts === 0;
  const own = isSentSince ? lost : spanOf(effect);
  const fromSeconds = Math.min(lost.fromSeconds, own.fromSeconds);
  const endSeconds = Math.max(lost.endSeconds, own.endSeconds);
  const span = { fromSeconds, endSeconds, untilSeconds: endSeconds, after: null };
  return effect.look && effect.look.endSeconds >= endSeconds ? effect.look : span;
}
