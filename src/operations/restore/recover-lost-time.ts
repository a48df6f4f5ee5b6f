import { loadConnectedAccount } from "../../db/payments/connected-accounts";
import { selectReconcilableAccounts } from "../../db/postings";
import { startOfSpan } from "../../domain/list-position";
import { type Result, refuse, success } from "../../domain/result";
import { minuteMs } from "../../domain/time";
import { type LostList, readLostPage } from "../../stripe/lost-objects";
import type { Deps } from "../deps";
import type { Recovered } from "../follow-ups";
import { recoverObject } from "./recover-object";

/** The place in Stripe's lists at which a page begins. */
export interface RecoveryPlace {
  list: LostList;
  /** Our id of the connected account that the list belongs to; null for the platform's own lists. */
  accountId: string | null;
  /** Stripe's id of the object that was read last; null at the beginning of the list. */
  after: string | null;
}

/** The result of reading one page. */
export interface RecoveredPage {
  place: RecoveryPlace;
  /** The fate of each object on the page. Objects that are not ours are left out. */
  found: { id: string; outcome: Recovered }[];
  /** The place at which the next page begins; null after the last page of the last list. */
  next: RecoveryPlace | null;
}

/** In this order, because a payment needs its payee's account, and a transfer or a refund needs its payment. */
const platformLists: readonly LostList[] = ["accounts", "sessions", "intents", "transfers", "refunds"];
const accountLists: readonly LostList[] = ["intents", "refunds"];

/**
 * Added to both ends of the lost time: Stripe's clock and ours may differ, and what was sent before the mark may be
 * made a while after it.
 */
const marginMs = 10 * minuteMs;

/**
 * Reads one page of the objects that Stripe made in the lost time, and recovers each of ours. Doing the same page again
 * changes nothing more. Refuses `state_wrong` if no restore is marked, `account_foreign` for an unknown account, and
 * `stripe_unavailable`.
 */
export async function recoverLostTime(
  deps: Deps,
  { place, operator }: { place: RecoveryPlace | null; operator: string },
): Promise<Result<RecoveredPage>> {
  const mark = await deps.restored();
  if (!mark?.isRecovering) return refuse("state_wrong", "The database is not marked as put back.");
  const here = place ?? { list: "accounts", accountId: null, after: null };
  const stripeAccountId = here.accountId === null ? undefined : await stripeIdOf(deps, here.accountId);
  if (here.accountId !== null && stripeAccountId === undefined) return refuse("account_foreign");
  const span = { ...startOfSpan(mark.restoredToMs - marginMs, mark.markedAtMs + marginMs), after: here.after };
  const page = await readLostPage(deps.stripe, here.list, span, stripeAccountId);
  // Stripe does not show us the account any more, so its list counts as empty.
  const isGone = here.accountId !== null && !page.ok && page.failure.meaning === "refused";
  if (!page.ok && !isGone) return refuse("stripe_unavailable", page.failure.message);
  const { objects, after } = page.ok ? page.value : { objects: [], after: null };

  const found: RecoveredPage["found"] = [];
  // The oldest first, in the order in which they were made.
  for (const object of objects.reverse()) {
    const outcome = await recoverObject(deps, here.list, object, { stripeAccountId, operator });
    if (!outcome.ok) return outcome;
    if (outcome.value !== undefined) found.push({ id: object.id, outcome: outcome.value });
  }
  const next = after === null ? await nextList(deps, here) : { ...here, after };
  return success({ place: here, found, next });
}

/**
 * Returns the beginning of the list that follows: the next one of the same owner, or the first one of the next
 * connected account. Returns null after the last.
 */
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
