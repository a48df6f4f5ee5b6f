import type { ConnectedAccountAggregate } from "../../../db/payments/connected-accounts";
import type { StripeEffect } from "../../../db/stripe-effects";
import type { AccountState } from "../../../domain/account";
import { findAccount } from "../../../stripe/accounts";
import { createConnectedAccount, deleteAccount, findDeletion } from "../../../stripe/connected-accounts";
import { paramsOf } from "../../call-params";
import { effectKind } from "../../effect-kind";
import { findOutcome } from "../../find-outcome";

export const createAccountEffect = effectKind("create-connected-account", {
  call: (deps, order, key) => createConnectedAccount(deps.stripe, order, key),
  find: (deps, { accountId }, effect) =>
    findOutcome(deps, effect, (start) => findAccount(deps.stripe, ["account_id", accountId], start)),
});

export const deleteAccountEffect = effectKind("delete-connected-account", {
  call: (deps, { stripeId }, key) => deleteAccount(deps.stripe, stripeId, key),
  find: (deps, { stripeId }) => findDeletion(deps.stripe, stripeId),
});

/** Returns the state of an account before its deletion was requested. */
export function stateBefore(effect: StripeEffect): AccountState {
  return paramsOf(effect, "delete-connected-account").from;
}

/** Returns the pending call of this kind, if there is one. */
export function openCall(
  { effects }: ConnectedAccountAggregate,
  kind: "create-connected-account" | "delete-connected-account",
): StripeEffect | undefined {
  return effects.find((one) => one.kind === kind && one.state === "open");
}
