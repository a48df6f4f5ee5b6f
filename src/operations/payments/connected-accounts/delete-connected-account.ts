import {
  type ConnectedAccountAggregate,
  countOpenPayments,
  loadConnectedAccount,
  updateConnectedAccount,
} from "../../../db/payments/connected-accounts";
import type { StripeEffect } from "../../../db/stripe-effects";
import { type AccountState, isStanding } from "../../../domain/account";
import { bucketOf } from "../../../domain/id";
import type { Actor } from "../../../domain/machine";
import { done, type Refused, type Result, refuse } from "../../../domain/result";
import { hasBalance } from "../../../stripe/connected-accounts";
import { clear } from "../../attention";
import type { DeletionOrder } from "../../call-params";
import { appendChange } from "../../change";
import type { Deps } from "../../deps";
import { attempt, type EffectOrder, openEffect, reserveCall } from "../../effects";
import { deleteAccountEffect, openCall, stateBefore } from "./account-effects";
import { accountEvent, nextPollAtMs } from "./account-state";

/**
 * Deletes a connected account at Stripe and with us; its history stays. Deleting a deleted account changes nothing.
 * Refuses `account_foreign`, `account_in_use` while payments are open or money is on it, `stripe_unavailable`.
 */
export async function deleteConnectedAccount(
  deps: Deps,
  { id, developerId }: { id: string; developerId: string },
): Promise<Result<null>> {
  const aggregate = await loadConnectedAccount(deps.db, id);
  if (aggregate?.account.developerId !== developerId) return refuse("account_foreign");
  const { state, stripeId } = aggregate.account;
  if (state === "deleted") return done;
  const begun = openCall(aggregate, "delete-connected-account");
  if (begun) return finishDeletion(deps, aggregate, begun, "developer");
  if (!stripeId || !isStanding(state)) return refuse("account_foreign");
  const obstacle = await obstacleTo(deps, aggregate, stripeId);
  return obstacle ?? reserveDeletion(deps, aggregate, { stripeId, from: state });
}

/**
 * Looks for a reason not to delete the account: Stripe would delete a test account with money on it, and any account
 * with open payments.
 */
async function obstacleTo(
  deps: Deps,
  { account }: ConnectedAccountAggregate,
  stripeId: string,
): Promise<Refused | undefined> {
  // The clock ends open payments on an account that is gone, whatever becomes of our row.
  if (account.state === "gone") return undefined;
  const [[payments]] = await deps.db.batch([countOpenPayments(deps.db, account.id, account.developerId)]);
  if (payments && payments.open > 0) return refuse("account_in_use", "Payments on it are open.");
  const asked = await hasBalance(deps.stripe, stripeId);
  if (asked.ok) return asked.value ? refuse("account_in_use", "Its balance is not zero.") : undefined;
  // The account is gone at Stripe already, so there is no balance to ask about.
  return asked.failure.kind === "account_gone" ? undefined : refuse("stripe_unavailable", asked.failure.message);
}

async function reserveDeletion(
  deps: Deps,
  aggregate: ConnectedAccountAggregate,
  order: DeletionOrder,
): Promise<Result<null>> {
  const { account } = aggregate;
  const call: EffectOrder = {
    aggregateId: account.id,
    id: deps.newId(bucketOf(account.id)),
    kind: "delete-connected-account",
    subjectId: account.id,
    params: order,
  };
  const pending = openEffect(deps, call);
  const position = await appendChange(deps, aggregate, {
    name: "delete-connected-account",
    actor: "developer",
    data: { stripeAccountId: order.stripeId },
    rows: [updateConnectedAccount(deps.db, account.id, { state: "deleting", dueAt: null }), reserveCall(deps, call)],
  });
  return finishDeletion(deps, position, pending, "developer");
}

/**
 * Deletes the account at Stripe, or finds that it is gone. An account that Stripe refuses to delete returns to its
 * former state.
 */
export async function finishDeletion(
  deps: Deps,
  aggregate: ConnectedAccountAggregate,
  call: StripeEffect,
  actor: Actor,
): Promise<Result<null>> {
  const outcome = await attempt(deps, call, deleteAccountEffect);
  if (outcome.end === "open") return refuse("stripe_unavailable", outcome.failure.message);
  if (outcome.end === "refused") {
    await appendChange(deps, aggregate, {
      name: "keep-connected-account",
      actor: "stripe",
      data: { failure: outcome.failure.kind, message: outcome.failure.message },
      rows: [...outcome.settle, putBack(deps, aggregate, stateBefore(call))],
    });
    return refuse("account_in_use", outcome.failure.message);
  }
  // The row is due once more, for the payments that are left on the account.
  const gone = { state: "deleted" as const, live: null, requirements: [], dueAt: deps.nowMs() };
  await appendChange(deps, aggregate, {
    name: "forget-connected-account",
    actor,
    rows: [
      ...outcome.settle,
      updateConnectedAccount(deps.db, aggregate.account.id, gone),
      clear(deps, aggregate.account.id, actor, ["account_gone"]),
    ],
    events: [accountEvent({ ...aggregate.account, ...gone })],
    answer: done,
  });
  return done;
}

function putBack(deps: Deps, { account }: ConnectedAccountAggregate, state: AccountState) {
  return updateConnectedAccount(deps.db, account.id, { state, dueAt: nextPollAtMs(account, deps.nowMs()) });
}
