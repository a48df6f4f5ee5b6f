import type { ConnectedAccount } from "../../db/connected-accounts";
import { type AccountDetails, type AccountState, accountState } from "../../domain/account";
import { type Refused, type Result, refuse, success } from "../../domain/result";
import { retrieveConnectedAccount } from "../../stripe/connected-accounts";
import type { Deps } from "../deps";

/** How an account stands at Stripe. `details` is null for one that Stripe does not show us any more. */
export interface Seen {
  state: AccountState;
  requirements: string[];
  details: AccountDetails | null;
}

/** Why nothing can be done on an account that is remembered as gone: it is asked about first, because it may have come back. */
export async function refuseGone(deps: Deps, { id, state, stripeId }: ConnectedAccount): Promise<Refused | undefined> {
  if (state !== "gone" || stripeId === null) return undefined;
  const asked = await askStripe(deps, stripeId);
  if (!asked.ok) return asked;
  if (asked.value.state === "gone") return refuse("account_gone");
  await deps.nudge([{ name: "check-connected-account", input: { id } }]);
  return undefined;
}

/** Asks Stripe how an account stands now: the one place that an account's state comes from. */
export async function askStripe(deps: Deps, stripeId: string): Promise<Result<Seen>> {
  const asked = await retrieveConnectedAccount(deps.stripe, stripeId);
  if (asked.ok) {
    const { facts, details } = asked.value;
    return success({ state: accountState(facts, "payments"), requirements: facts.due, details });
  }
  if (asked.failure.kind === "account_gone") return success({ state: "gone", requirements: [], details: null });
  return refuse("stripe_unavailable", asked.failure.message);
}

/** Whether Stripe has said something that we do not know yet. */
export function isNews(
  account: ConnectedAccount,
  { state, requirements }: Pick<Seen, "state" | "requirements">,
): boolean {
  return state !== account.state || JSON.stringify(requirements) !== JSON.stringify(account.requirements);
}
