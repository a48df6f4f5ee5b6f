import type { ConnectedAccount } from "../../../db/payments/connected-accounts";
import { type AccountDetails, type AccountState, accountState } from "../../../domain/account";
import { type Refused, type Result, refuse, success } from "../../../domain/result";
import { retrieveConnectedAccount } from "../../../stripe/connected-accounts";
import type { Deps } from "../../deps";

/** The state of an account at Stripe. `details` is null if Stripe does not show us the account any more. */
export interface Seen {
  state: AccountState;
  requirements: string[];
  details: AccountDetails | null;
}

/**
 * Refuses work on an account that we remember as gone. Stripe is asked first, because the account may have come back.
 * Returns undefined if work is possible.
 */
export async function refuseGone(deps: Deps, { id, state, stripeId }: ConnectedAccount): Promise<Refused | undefined> {
  if (state !== "gone" || stripeId === null) return undefined;
  const asked = await pollStripe(deps, stripeId);
  if (!asked.ok) return asked;
  if (asked.value.state === "gone") return refuse("account_gone");
  await deps.enqueueCommands([{ name: "check-connected-account", input: { id } }]);
  return undefined;
}

/** Asks Stripe for the present state of an account. This is the only source of an account's state. */
export async function pollStripe(deps: Deps, stripeId: string): Promise<Result<Seen>> {
  const asked = await retrieveConnectedAccount(deps.stripe, stripeId);
  if (asked.ok) {
    const { facts, details } = asked.value;
    return success({ state: accountState(facts, "payments"), requirements: facts.due, details });
  }
  if (asked.failure.kind === "account_gone") return success({ state: "gone", requirements: [], details: null });
  return refuse("stripe_unavailable", asked.failure.message);
}

/** Tells whether Stripe reports something that we do not know yet. */
export function isNew(
  account: ConnectedAccount,
  { state, requirements }: Pick<Seen, "state" | "requirements">,
): boolean {
  return state !== account.state || JSON.stringify(requirements) !== JSON.stringify(account.requirements);
}
