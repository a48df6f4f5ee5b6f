import type { RestoreMark } from "../db/restore-mark";
import { keepLook, type StripeEffect } from "../db/stripe-effects";
import { type ListPosition, startOfSpan } from "../domain/list-position";
import { failure, type StripeOutcome } from "../stripe/failure";
import type { Sought } from "../stripe/read-list";
import type { Deps } from "./deps";
import { sendingKnownMs, wasAnswered } from "./effects";
import { lostTimeOf } from "./restore/lost-time";

/** Stripe's clock and ours may differ. Both are set by the network's time, to well below a second. */
const clockSkewMs = 30_000;

/**
 * How long after its sending a call that was never answered may still have made something, at most: the SDK's own repeat,
 * a machine that stood still in between, Stripe's own delay, and both clocks. Too late an end costs pages; too early a one
 * would make the same object twice.
 */
const answerMs = 10 * 60_000;

/**
 * Looks in one of Stripe's lists for what a call with an unknown outcome has made: between the first sending of its present
 * key and the last one. What earlier keys may have made was looked for before the present one was used; where the database
 * was put back, the time that was lost is looked through as well. A span that holds more than one run reads is read on by the next. "There is none" is answered only after all of it.
 */
export async function lookUp<Value>(
  deps: Deps,
  effect: StripeEffect,
  find: (start: ListPosition) => Promise<Sought<Value>>,
): Promise<StripeOutcome<Value | undefined>> {
  const lost = await lostTimeOf(deps, effect.subjectId);
  const start = lost ? lostSpanOf(effect, lost) : (effect.look ?? spanOf(effect));
  const { found, rest, failure: stopped } = await find(start);
  if (found !== undefined || rest === null) return { ok: true, value: found };
  await deps.db.batch([keepLook(deps.db, effect, rest)]);
  return { ok: false, failure: stopped ?? failure("not_read_yet", "Stripe's list is not read to the end yet") };
}

/** Thousands of calls may be open after an outage. None of them reads what the others make once it is over. */
function spanOf(effect: StripeEffect): ListPosition {
  const { sentAt, createdAt, lastSentAt } = effect;
  const untilMs = wasAnswered(effect) ? lastSentAt + clockSkewMs : lastSentAt + sendingKnownMs + answerMs;
  return startOfSpan((sentAt ?? createdAt) - clockSkewMs, untilMs);
}

/** What the lost time has made was never written down, nor how far anybody had looked in it. */
function lostSpanOf(effect: StripeEffect, { restoredToMs, markedAtMs }: RestoreMark): ListPosition {
  const lost = startOfSpan(restoredToMs - clockSkewMs, markedAtMs + answerMs);
  const isSentSince = effect.createdAt >= markedAtMs && effect.attempts === 0;
  const own = isSentSince ? lost : spanOf(effect);
  const fromSeconds = Math.min(lost.fromSeconds, own.fromSeconds);
  const endSeconds = Math.max(lost.endSeconds, own.endSeconds);
  const span = { fromSeconds, endSeconds, untilSeconds: endSeconds, after: null };
  return effect.look && effect.look.endSeconds >= endSeconds ? effect.look : span;
}
