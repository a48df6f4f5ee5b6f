import { loadConnectedAccount } from "../../db/payments/connected-accounts";
import { selectReconcilableAccounts } from "../../db/postings";
import { startOfSpan } from "../../domain/list-position";
import { type Result, refuse, success } from "../../domain/result";
import { type LostList, readLostPage } from "../../stripe/lost-objects";
import type { Input } from "../commands";
import type { Deps } from "../deps";
import type { RecoveredPage, RecoveryPlace } from "./commands";
import { recoverObject } from "./recover-object";

/** The lists in the order in which one needs the other: the payees, the payments, and what left them. */
const platformLists: readonly LostList[] = ["accounts", "sessions", "intents", "transfers", "refunds"];
const accountLists: readonly LostList[] = ["intents", "refunds"];

/** Stripe's clock and ours may differ; what was sent before the mark may be made a while after it. */
const marginMs = 10 * 60_000;

/**
 * Looks through one page of what Stripe has made in the time that the database has lost, and brings each of ours to where
 * it belongs. Asked again for the same page it changes nothing more. Refuses `state_wrong` where nothing was marked, and `account_foreign` for an account that is none.
 */
export async function recoverLostTime(
  deps: Deps,
  { place, operator }: Input<"recover-lost-time">,
): Promise<Result<RecoveredPage>> {
  const mark = await deps.restored();
  if (!mark?.isRecovering) return refuse("state_wrong", "The database is not marked as put back.");
  const here = place ?? { list: "accounts", accountId: null, after: null };
  const stripeAccountId = here.accountId === null ? undefined : await stripeIdOf(deps, here.accountId);
  if (here.accountId !== null && stripeAccountId === undefined) return refuse("account_foreign");
  const span = { ...startOfSpan(mark.restoredToMs - marginMs, mark.markedAtMs + marginMs), after: here.after };
  const page = await readLostPage(deps.stripe, here.list, span, stripeAccountId);
  const isGone = here.accountId !== null && !page.ok && page.failure.meaning === "refused"; // nobody shows us the account any more
  if (!page.ok && !isGone) return refuse("stripe_unavailable", page.failure.message);
  const { objects, after } = page.ok ? page.value : { objects: [], after: null };

  const found: RecoveredPage["found"] = [];
  for (const object of objects.reverse()) {
    const outcome = await recoverObject(deps, here.list, object, { stripeAccountId, operator });
    if (!outcome.ok) return outcome;
    if (outcome.value !== undefined) found.push({ id: object.id, outcome: outcome.value });
  }
  const next = after === null ? await nextList(deps, here) : { ...here, after };
  return success({ place: here, found, next });
}

async function nextList(deps: Deps, { list, accountId }: RecoveryPlace): Promise<RecoveryPlace | null> {
  const lists = accountId === null ? platformLists : accountLists;
  const following = lists[lists.indexOf(list) + 1];
  if (following) return { list: following, accountId, after: null };
  const [[account]] = await deps.db.batch([
    selectReconcilableAccounts(deps.db, { after: accountId ?? undefined, limit: 1 }),
  ]);
  return account ? { list: "intents", accountId: account.id, after: null } : null;
}

async function stripeIdOf(deps: Deps, id: string): Promise<string | undefined> {
  const account = await loadConnectedAccount(deps.db, id);
  return account?.account.stripeId ?? undefined;
}
