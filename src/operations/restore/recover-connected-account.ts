import {
  type ConnectedAccount,
  insertConnectedAccount,
  loadConnectedAccount,
  newConnectedAccount,
  selectAccountByEmail,
} from "../../db/payments/connected-accounts";
import { selectDeveloper } from "../../db/payments/developers";
import { noteStripeObject } from "../../db/stripe-objects";
import { accountState } from "../../domain/account";
import { type Result, refuse, success } from "../../domain/result";
import { retrieveConnectedAccount } from "../../stripe/connected-accounts";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import type { FollowUps, Recovered } from "../follow-ups";
import { accountEvent, firstPollMs } from "../payments/connected-accounts/account-state";
import { checkConnectedAccount } from "../payments/connected-accounts/check-connected-account";
import { resumeConnectedAccount } from "../payments/connected-accounts/resume-connected-account";

/**
 * Restores a developer's connected account that the database has lost, under the id that it had; a known account is
 * checked. Returns `taken` if another account of the developer has its e-mail by now, and `nobody` if the developer is
 * lost, the account is gone at Stripe, or it has no e-mail there. Refuses `stripe_unavailable`.
 */
export async function recoverConnectedAccount(
  deps: Deps,
  { id, developerId, stripeAccountId, operator }: FollowUps["recover-connected-account"],
): Promise<Result<Recovered>> {
  const known = await loadConnectedAccount(deps.db, id);
  if (known) {
    const { stripeId } = known.account;
    const looked = stripeId ? await checkConnectedAccount(deps, { id }) : await resumeConnectedAccount(deps, { id });
    return looked.ok ? success("known") : looked;
  }
  const asked = await retrieveConnectedAccount(deps.stripe, stripeAccountId);
  if (!asked.ok) {
    return asked.failure.kind === "account_gone"
      ? success("nobody")
      : refuse("stripe_unavailable", asked.failure.message);
  }
  const { facts, details } = asked.value;
  const email = details.email?.toLowerCase();
  if (email === undefined) return success("nobody");
  const [[developer], [other]] = await deps.db.batch([
    selectDeveloper(deps.db, developerId),
    selectAccountByEmail(deps.db, developerId, email),
  ]);
  if (!developer) return success("nobody");
  if (other) return success("taken");
  const account: ConnectedAccount = {
    id,
    developerId,
    email,
    country: details.country,
    stripeId: stripeAccountId,
    state: accountState(facts, "payments"),
    requirements: facts.due,
    live: 1,
    eventsReadAt: details.createdAtSeconds * 1000,
    dueAt: deps.nowMs() + firstPollMs,
    createdAt: details.createdAtSeconds * 1000,
    checkedAt: deps.nowMs(),
  };
  await appendChange(deps, newConnectedAccount(account), {
    name: "relink-connected-account",
    actor: "operator",
    data: { operator, stripeAccountId },
    rows: [
      insertConnectedAccount(deps.db, account),
      noteStripeObject(deps.db, stripeAccountId, { aggregateId: id, subjectId: id }),
    ],
    events: [accountEvent(account)],
  });
  return success("linked");
}
