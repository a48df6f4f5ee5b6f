import type { ConnectedAccountAggregate } from "../../db/connected-accounts";
import type { StripeEffect } from "../../db/stripe-effects";
import type { AccountFacts, AccountState } from "../../domain/account";
import { findAccount } from "../../stripe/accounts";
import {
  type ConnectedAccountOrder,
  createConnectedAccount,
  deleteAccount,
  findDeletion,
} from "../../stripe/connected-accounts";
import type { EffectKind } from "../effects";
import { lookUp } from "../look-up";

/** What a claimed deletion remembers: which account, and where it stood. */
export interface DeletionOrder {
  stripeId: string;
  from: AccountState;
}

const params = <T>(effect: StripeEffect): T => effect.params as unknown as T; // as claimed

export const createAccountEffect: EffectKind<AccountFacts> = {
  call: (deps, effect, key) => createConnectedAccount(deps.stripe, params<ConnectedAccountOrder>(effect), key),
  find: (deps, effect) => {
    const { accountId } = params<ConnectedAccountOrder>(effect);
    return lookUp(deps, effect, (start) => findAccount(deps.stripe, ["account_id", accountId], start));
  },
};

export const deleteAccountEffect: EffectKind<{ id: string }> = {
  call: (deps, effect, key) => deleteAccount(deps.stripe, params<DeletionOrder>(effect).stripeId, key),
  find: (deps, effect) => findDeletion(deps.stripe, params<DeletionOrder>(effect).stripeId),
};

/** Where an account stood before it was to be deleted. */
export function stateBefore(effect: StripeEffect): AccountState {
  return params<DeletionOrder>(effect).from;
}

/** The claimed call of this kind whose outcome is not known. */
export function openCall(
  { effects }: ConnectedAccountAggregate,
  kind: "create-connected-account" | "delete-connected-account",
): StripeEffect | undefined {
  return effects.find((one) => one.kind === kind && one.state === "open");
}
