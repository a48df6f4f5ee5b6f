import { write } from "../../../db/database";
import { postponeEffect, type StripeEffect, selectEffect } from "../../../db/stripe-effects";
import { type Result, refuse, success } from "../../../domain/result";
import type { Deps } from "../../deps";
import { isStopped, sendingKnownMs, stopped, stripeKeyKeptMs } from "../../effects";
import { type CallKey, resumeCall } from "../../resume-call";
import { fetchMade } from "./made-object";

/** `objectId` names the object that the call made; undefined means that it made none. */
interface OperatorsVerdict extends CallKey {
  objectId: string | undefined;
  operator: string;
  note: string;
}

interface Settled {
  state: "done" | "refused";
  objectId: string | null;
}

/**
 * Ends a Stripe call that nothing else can end, by an operator's verdict: the object that it made, fetched and checked,
 * or that it made none. From the first such request on, the call is not sent again, and no verdict counts before the
 * last sending is over. Then Stripe is asked once more, to the end of its list, and an object that it made counts more
 * than the verdict. What follows is written by the same code as after Stripe's own answer.
 */
export async function settleStripeCall(deps: Deps, input: OperatorsVerdict): Promise<Result<Settled>> {
  const { aggregateId, effectId, objectId, operator, note } = input;
  const [[effect]] = await deps.db.batch([selectEffect(deps.db, aggregateId, effectId)]);
  if (!effect) return refuse("call_unknown");
  if (effect.state !== "open") return refuse("state_wrong", `the call has ended: ${effect.state}`);
  const overAtMs = effect.lastSentAt + sendingKnownMs + stripeKeyKeptMs;
  if (deps.nowMs() < overAtMs) {
    await stopSending(deps, effect, operator);
    return refuse("too_early", `it is not sent again, and can be ended from ${new Date(overAtMs).toISOString()} on.`);
  }
  const made = await madeBy(deps, effect, objectId);
  if (!made.ok) return made;
  await resumeCall(
    { ...deps, verdict: { effectId, operator, note, made: made.value } },
    { ...input, kind: effect.kind },
  );
  return answerOf(deps, input);
}

/**
 * Marks the call so that it is only looked for and not sent any more. The reason for which it was pending is kept in
 * the text.
 */
async function stopSending(deps: Deps, effect: StripeEffect, operator: string): Promise<void> {
  if (isStopped(effect)) return;
  const failure = `${stopped} by ${operator}: ${effect.failure ?? "never answered"}`;
  const dueAt = effect.dueAt ?? deps.nowMs();
  await write(deps.db, [postponeEffect(deps.db, effect, { attempts: effect.attempts, dueAt, failure })]);
}

async function madeBy(
  deps: Deps,
  effect: StripeEffect,
  objectId: string | undefined,
): Promise<Result<{ id: string } | undefined>> {
  if (objectId === undefined) return success(undefined);
  const seen = await fetchMade(deps, effect, objectId);
  if (!seen.ok && seen.failure.meaning !== "refused") return refuse("stripe_unavailable", seen.failure.message);
  if (!seen.ok) return refuse("object_mismatch", seen.failure.message);
  if (!seen.value) return refuse("object_mismatch", `it is not what a ${effect.kind} of this call makes.`);
  return success(seen.value);
}

/**
 * Returns how the call ended. It is still pending if Stripe could not be asked about it: then this refuses
 * `stripe_unavailable`.
 */
async function answerOf(deps: Deps, { aggregateId, effectId }: OperatorsVerdict): Promise<Result<Settled>> {
  const [[ended]] = await deps.db.batch([selectEffect(deps.db, aggregateId, effectId)]);
  if (!ended || ended.state === "open") return refuse("stripe_unavailable", "Stripe could not be asked about the call");
  return success({ state: ended.state, objectId: ended.resultId });
}
