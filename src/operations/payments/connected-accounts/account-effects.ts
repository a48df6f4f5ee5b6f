import type { ConnectedAccountAggregate } from "../../../db/payments/connected-accounts";
import type { StripeEffect } from "../../../db/stripe-effects";
import type { AccountFacts, AccountState } from "../../../domain/account";
import { findAccount } from "../../../stripe/accounts";
import {
  type ConnectedAccountOrder,
  createConnectedAccount,
  deleteAccount,
  findDeletion,
} from "../../../stripe/connected-accounts";
import type { EffectKind } from "../../effects";
import { findOutcome } from "../../find-outcome";

/** The parameters of a pending deletion: the account, and its state before. */
export interface DeletionOrder {
  stripeId: string;
  from: AccountState;
}

const params = <T>(effect: StripeEffect): T => effect.params as unknown as T; // the row was written in this form

export const createAccountEffect: EffectKind<AccountFacts> = {
  call: (deps, effect, key) => createConnectedAccount(deps.stripe, params<ConnectedAccountOrder>(effect), key),
  find: (deps, effect) => {
    const { accountId } = params<ConnectedAccountOrder>(effect);
    return findOutcome(deps, effect, (start) => findAccount(deps.stripe, ["account_id", accountId], start));
  },
};

export const deleteAccountEffect: EffectKind<{ id: string }> = {
  call: (deps, effect, key) => deleteAccount(deps.stripe, params<DeletionOrder>(effect).stripeId, key),
  find: (deps, effect) => findDeletion(deps.stripe, params<DeletionOrder>(effect).stripeId),
};

/** Returns the state of an account before its deletion was requested. */
export function stateBefore(effect: StripeEffect): AccountState {
  return params<DeletionOrder>(effect).from;
}

/** Returns the pending call of this kind, if there is one. */
export function openCall(
  { effects }: ConnectedAccountAggregate,
  kind: "create-connected-account" | "delete-connected-account",
): StripeEffect | undefined {
  return effects.find((one) => one.kind === kind && one.state === "open");
}
