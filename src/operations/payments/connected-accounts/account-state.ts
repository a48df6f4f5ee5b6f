import type { ConnectedAccount } from "../../../db/payments/connected-accounts";
import { type AccountDetails, type AccountState, accountState, isStanding } from "../../../domain/account";
import { type Refused, type Result, refuse, success } from "../../../domain/result";
import { backOffMs, dayMs, hourMs } from "../../../domain/time";
import { retrieveConnectedAccount } from "../../../stripe/connected-accounts";
import type { Deps } from "../../deps";

/** The state of an account at Stripe. `details` is null if Stripe does not show us the account any more. */
export interface Seen {
  state: AccountState;
  requirements: string[];
  details: AccountDetails | null;
}

/**
 * Returns the present state of an account at Stripe. A read writes nothing: if it finds something new, a check under
 * the account's lock follows. Refuses `account_foreign` and `stripe_unavailable`.
 */
export async function viewConnectedAccount(
  deps: Deps,
  { account }: { account: ConnectedAccount },
): Promise<Result<{ account: ConnectedAccount; details: AccountDetails | null }>> {
  if (!account.stripeId) return refuse("account_foreign");
  const asked = await pollAccount(deps, account.stripeId);
  if (!asked.ok) return asked;
  const { details, ...seen } = asked.value;
  if (!isStanding(account.state)) return success({ account, details });
  if (isNew(account, seen))
    await deps.enqueueCommands([{ name: "check-connected-account", input: { id: account.id } }]);
  return success({ account: { ...account, ...seen }, details });
}

/**
 * Refuses work on an account that we remember as gone. Stripe is asked first, because the account may have come back.
 * Returns undefined if work is possible.
 */
export async function refuseGone(deps: Deps, { id, state, stripeId }: ConnectedAccount): Promise<Refused | undefined> {
  if (state !== "gone" || stripeId === null) return undefined;
  const asked = await pollAccount(deps, stripeId);
  if (!asked.ok) return asked;
  if (asked.value.state === "gone") return refuse("account_gone");
  await deps.enqueueCommands([{ name: "check-connected-account", input: { id } }]);
  return undefined;
}

/** Asks Stripe for the present state of an account. This is the only source of an account's state. */
export async function pollAccount(deps: Deps, stripeId: string): Promise<Result<Seen>> {
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

/** Delay until the clock checks a new account for the first time. */
export const firstPollMs = hourMs;

/**
 * Returns the time at which the clock asks Stripe about an account again: hourly at first, then daily, for as long as
 * the account exists. A ready account is checked too, because its events may be lost
 * (src/guides/decisions.md#lost-events).
 */
export function nextPollAtMs({ createdAt }: { createdAt: number }, nowMs: number): number {
  return nowMs + backOffMs(nowMs - createdAt, { least: hourMs, most: dayMs });
}

/** Makes the event that tells the developer a connected account's present state. */
export function accountEvent({ stripeId, state, requirements }: ConnectedAccount) {
  return { type: "account.updated", data: { accountId: stripeId ?? "", state, requirements } } as const;
}
