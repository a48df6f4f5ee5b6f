import { selectReconcilableAccounts, sellerBalances } from "../../db/postings";
import { type Result, refuse, success } from "../../domain/result";
import { isOwn, listBalanceLines } from "../../stripe/balance";
import type { Deps } from "../deps";
import { type AccountsReconciliation, agrees, compareLines, type ReconciledAccount } from "./compare-lines";

/** The most accounts that one request compares: each costs a list at Stripe. */
const pageSize = 20;

/**
 * Compares what moved on connected accounts with our `seller_balance`, payment by payment, a page of accounts at a
 * time. Stripe's own movements, such as payouts to the account's bank, are left out. Only reads.
 */
export async function reconcileAccounts(
  deps: Deps,
  { after }: { after: string | undefined },
): Promise<Result<AccountsReconciliation>> {
  const [found] = await deps.db.batch([selectReconcilableAccounts(deps.db, { after, limit: pageSize + 1 })]);
  const page = found.slice(0, pageSize);
  const ours = await sellerBalances(
    deps.db,
    page.map(({ id }) => id),
  );
  const accounts: ReconciledAccount[] = [];
  for (const { id, stripeId } of page) {
    const compared = await compareAccount(deps, { id, accountId: stripeId ?? "" }, ours);
    if (!compared.ok) return compared;
    accounts.push(compared.value);
  }
  const ok = accounts.every(({ unexplained }) => unexplained.length === 0);
  return success({ ok, accounts, next: found.length > pageSize ? (page.at(-1)?.id ?? null) : null });
}

type SellerBalances = Awaited<ReturnType<typeof sellerBalances>>;

async function compareAccount(
  deps: Deps,
  account: { id: string; accountId: string },
  { balances, refunds }: SellerBalances,
): Promise<Result<ReconciledAccount>> {
  const listed = await listBalanceLines(deps.stripe, account.accountId);
  if (!listed.ok && listed.failure.meaning !== "refused") return refuse("stripe_unavailable", listed.failure.message);
  if (!listed.ok) return success({ ...account, isClosed: true, compared: 0, unexplained: [] });
  const ours = balances.filter(({ accountId }) => accountId === account.id);
  // A refund that failed before we booked it is in no line of ours, yet at Stripe our fee was refunded with it.
  const paymentOf = new Map([...refunds, ...ours].map(({ reference, paymentId }) => [reference, paymentId]));
  const theirs = listed.value
    .filter((line) => !isOwn(line))
    .map((line) => ({ ...line, reference: paymentOf.get(line.reference) ?? line.reference }));
  const lines = compareLines(
    theirs,
    ours.map((line) => ({ ...line, reference: line.paymentId })),
  );
  const unexplained = lines.filter((line) => !agrees(line));
  return success({ ...account, isClosed: false, compared: lines.length, unexplained });
}
