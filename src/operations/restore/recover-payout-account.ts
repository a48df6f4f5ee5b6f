import { insertPayoutAccount, loadPayoutAccount, updatePayoutAccount } from "../../db/offers/payout-accounts";
import { loadUser } from "../../db/offers/users";
import { noteStripeObject } from "../../db/stripe-objects";
import { accountState } from "../../domain/account";
import { type Result, refuse, success } from "../../domain/result";
import { retrieveAccount } from "../../stripe/accounts";
import { byOperator, clear } from "../attention";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import type { FollowUps, Recovered } from "../follow-ups";
import { checkPayoutAccount, openAccount } from "../offers/payout-account";

/**
 * Restores an expert's connected account that the database has lost; a known account is checked, and a pending creation
 * resumed. Returns `taken` if the expert has another account by now, and `nobody` if the expert is lost or the account
 * is gone at Stripe. Refuses `stripe_unavailable`.
 */
export async function recoverPayoutAccount(
  deps: Deps,
  { userId, stripeAccountId, operator }: FollowUps["recover-payout-account"],
): Promise<Result<Recovered>> {
  const found = await loadUser(deps.db, userId);
  if (!found) return success("nobody");
  const loaded = await loadPayoutAccount(deps.db, userId);
  const { account, openEffects } = loaded;
  if (account?.stripeAccountId === stripeAccountId) return checked(deps, userId, "known");
  if (account?.stripeAccountId) return success("taken");
  if (openEffects.length > 0) {
    const opened = await openAccount(deps, userId);
    return opened.ok ? success("known") : opened;
  }
  const asked = await retrieveAccount(deps.stripe, stripeAccountId);
  if (!asked.ok) {
    return asked.failure.kind === "account_gone"
      ? success("nobody")
      : refuse("stripe_unavailable", asked.failure.message);
  }
  const country = account?.country ?? found.user.billingAddress?.country ?? "SK";
  const state = accountState(asked.value, "payouts");
  const facts = { country, stripeAccountId, state, requirements: asked.value.due, checkedAt: deps.nowMs() };
  await appendChange(deps, loaded, {
    name: "relink-payout-account",
    actor: "operator",
    data: { operator, stripeAccountId },
    rows: [
      account
        ? updatePayoutAccount(deps.db, userId, { ...facts, dueAt: deps.nowMs() })
        : insertPayoutAccount(deps.db, { userId, createdAt: deps.nowMs(), ...facts, dueAt: deps.nowMs() }),
      noteStripeObject(deps.db, stripeAccountId, { aggregateId: userId, subjectId: userId }),
      clear(deps, userId, byOperator(operator), ["account_gone"]),
    ],
    events: [{ type: "payout_account.updated", data: { userId, state, requirements: asked.value.due } }],
  });
  return checked(deps, userId, "linked");
}

/** Checks the account at Stripe, so that the payouts that waited for it go on. */
async function checked(deps: Deps, userId: string, outcome: Recovered): Promise<Result<Recovered>> {
  const result = await checkPayoutAccount(deps, { userId });
  return result.ok ? success(outcome) : result;
}
