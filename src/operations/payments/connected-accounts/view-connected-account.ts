import { isStanding } from "../../../domain/account";
import { type Result, refuse, success } from "../../../domain/result";
import type { Input, Output } from "../../commands";
import type { Deps } from "../../deps";
import { isNew, pollStripe } from "./poll-stripe";

/**
 * Returns the present state of an account at Stripe. A read writes nothing: if it finds something new, a check under
 * the account's lock follows. Refuses `account_foreign` and `stripe_unavailable`.
 */
export async function viewConnectedAccount(
  deps: Deps,
  { account }: Input<"view-connected-account">,
): Promise<Result<Output<"view-connected-account">>> {
  if (!account.stripeId) return refuse("account_foreign");
  const asked = await pollStripe(deps, account.stripeId);
  if (!asked.ok) return asked;
  const { details, ...seen } = asked.value;
  if (!isStanding(account.state)) return success({ account, details });
  if (isNew(account, seen))
    await deps.enqueueCommands([{ name: "check-connected-account", input: { id: account.id } }]);
  return success({ account: { ...account, ...seen }, details });
}
