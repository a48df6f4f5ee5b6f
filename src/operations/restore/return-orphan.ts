import { loadConcerned } from "../../db/attention";
import { postedFor } from "../../db/postings";
import { isId } from "../../domain/id";
import { adjust, type LedgerAccount } from "../../domain/ledger";
import { type Result, refuse, success } from "../../domain/result";
import { expireSession, type SessionFacts } from "../../stripe/checkout";
import type { StripeFailure } from "../../stripe/failure";
import { createRefund, listRefunds, takenMinor } from "../../stripe/refunds";
import { listTransfers, reverseTransfer } from "../../stripe/transfers";
import { raise } from "../attention";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import type { Recovered } from "../follow-ups";
import { isPaidInFull, type PaidFacts } from "../offers/book-payment";

/**
 * Returns the money of a session whose offer the database has lost, because nobody can accept that offer any more. What
 * an expert was paid out of it is taken back first. The idempotency key of each call is made of Stripe's ids, and each
 * movement is booked once under its id, so a repeat continues where the last run stopped. The changes are written in
 * the journal of the lost offer. Returns `unpaid` if there is nothing to return, `pending` while a bank decides whether it
 * pays, and `open` if Stripe must be asked again. Refuses `stripe_unavailable`.
 */
export async function returnOrphan(deps: Deps, session: SessionFacts, operator: string): Promise<Result<Recovered>> {
  const { offer_id: offerId = "", testimony_id: testimonyId = "", client_id: tenant = "" } = session.metadata;
  if (!isId(offerId) || !isOurs(deps, session)) return success("nobody");
  if (session.status === "open") {
    const expired = await expireSession(deps.stripe, session.id, `orphan.${session.id}.expire`);
    // If Stripe refuses, the session was paid or has ended meanwhile, which the next run finds.
    if (expired.ok) return success("unpaid");
    return expired.failure.meaning === "refused" ? success("open") : unanswered(expired.failure);
  }
  if (session.payment === "unpaid" && session.status === "complete") return success("pending");
  if (session.payment !== "paid") return success("unpaid");
  if (!isPaidInFull(session)) return refuse("stripe_unavailable", "paid without a charge");
  const orphan: Orphan = { deps, offerId, testimonyId, tenant, operator, session };
  await book(orphan, session.charge.id, "orphan-paid", paidBy(session));
  return (await takeBack(orphan)) ?? giveBack(orphan);
}

/** A paid session whose offer is lost, and what its changes are written with. */
interface Orphan {
  deps: Deps;
  offerId: string;
  testimonyId: string;
  tenant: string;
  operator: string;
  session: PaidFacts;
}

/** Tells whether this deployment opened the session: another one may share the Stripe account, with ids like ours. */
function isOurs({ settings }: Deps, { successUrl }: SessionFacts): boolean {
  return successUrl?.startsWith(`${settings.frontendUrl}/`) ?? false;
}

/**
 * Handles a call that did not say what it did. If Stripe stored its answer under the key, only a later search gets another
 * one, and the object must not hold up the rest of the page. If Stripe did not answer, the whole page is asked for again.
 */
function unanswered({ kind, message }: StripeFailure): Result<Recovered> {
  const isStored = kind === "server_error" || kind === "parameters_changed";
  return isStored ? success("open") : refuse("stripe_unavailable", message);
}

/** Returns what the payment moved: the client's money came in, and Stripe kept its fee. */
function paidBy({ totalMinor, charge }: PaidFacts): Partial<Record<LedgerAccount, number>> {
  const [minor, feeMinor] = [totalMinor ?? 0, charge.fee?.minor ?? 0];
  return { client_payable: -minor, stripe_fees: feeMinor, stripe_balance: minor - feeMinor };
}

/**
 * Takes back what was paid out of the session's charge, because no expert is owed it any more. What Stripe does not
 * take back stays a loss in the ledger, and an operator is shown it.
 */
async function takeBack(orphan: Orphan): Promise<Result<Recovered> | undefined> {
  const { deps, testimonyId, session } = orphan;
  const listed = await listTransfers(deps.stripe, testimonyId);
  if (!listed.ok) return unanswered(listed.failure);
  for (const transfer of listed.value.filter(({ chargeId }) => chargeId === session.charge.id)) {
    const { id: transferId, payoutId = "", amountMinor, reversedMinor } = transfer;
    await book(orphan, transferId, "orphan-paid-out", { collected_from_us: amountMinor, stripe_balance: -amountMinor });
    const order = { transferId, amountMinor: amountMinor - reversedMinor, payoutId };
    const key = `orphan.${transferId}.${transfer.reversals.length}`;
    const made = order.amountMinor > 0 ? await reverseTransfer(deps.stripe, order, key, key) : undefined;
    if (made && !made.ok && made.failure.meaning !== "refused") return unanswered(made.failure);
    if (made && !made.ok) await showRefused(orphan, transferId);
    for (const reversal of [...transfer.reversals, ...(made?.ok ? [made.value] : [])]) {
      const backMinor = reversal.amountMinor;
      await book(orphan, reversal.id, "orphan-taken-back", {
        collected_from_us: -backMinor,
        stripe_balance: backMinor,
      });
    }
  }
  return undefined;
}

/** Refunds what the client does not have back yet. Returns `nobody` if Stripe refuses. */
async function giveBack(orphan: Orphan): Promise<Result<Recovered>> {
  const { deps, testimonyId, session } = orphan;
  const { paymentIntentId, totalMinor, metadata } = session;
  const listed = await listRefunds(deps.stripe, paymentIntentId);
  if (!listed.ok) return unanswered(listed.failure);
  const standing = listed.value.filter(({ status }) => status !== "failed");
  const amountMinor = (totalMinor ?? 0) - standing.reduce((sum, one) => sum + one.amountMinor, 0);
  const order = { refundId: metadata.checkout_id ?? "", testimonyId, paymentIntentId, amountMinor };
  const made =
    amountMinor > 0 ? await createRefund(deps.stripe, order, `orphan.${session.id}.${listed.value.length}`) : undefined;
  if (made && !made.ok && made.failure.meaning !== "refused") return unanswered(made.failure);
  if (made && !made.ok) await showRefused(orphan, session.id);
  for (const refund of [...standing, ...(made?.ok ? [made.value] : [])]) {
    const goneMinor = takenMinor(refund);
    await book(orphan, refund.id, "orphan-returned", { client_payable: goneMinor, stripe_balance: -goneMinor });
  }
  return success(made?.ok === false ? "nobody" : "returned");
}

/** Shows an operator what Stripe refused to move, once: a person must look at it there. `reference` is its id at Stripe. */
async function showRefused({ deps, offerId, tenant, operator, session }: Orphan, reference: string): Promise<void> {
  const { standing, ...position } = await loadConcerned(deps.db, offerId);
  if (standing.some(({ note }) => note === reference)) return;
  const { checkout_id: aboutId = session.id } = session.metadata;
  const money = { amountMinor: session.totalMinor ?? 0, currency: session.currency ?? "" };
  const reason = { kind: "session_mismatch", aboutKind: "checkout", aboutId, ...money, note: reference } as const;
  await appendChange(
    deps,
    { ...position, tenant },
    {
      name: "orphan-refused",
      actor: "operator",
      data: { operator, sessionId: session.id, stripeId: reference },
      rows: [raise(deps, offerId, reason)],
    },
  );
}

/** Books what one object at Stripe has moved, less what is booked of it already. Writes nothing if there is no rest. */
async function book(
  { deps, offerId, tenant, operator, session }: Orphan,
  reference: string,
  name: string,
  target: Partial<Record<LedgerAccount, number>>,
): Promise<void> {
  const posted = await postedFor(deps.db, offerId, reference);
  const postings = adjust(target, posted, session.currency ?? "", reference);
  if (postings.length === 0) return;
  const { aggregateId, version, sequence } = await loadConcerned(deps.db, offerId);
  const data = { operator, sessionId: session.id, stripeId: reference };
  await appendChange(
    deps,
    { aggregateId, version, sequence, tenant },
    { name, actor: "operator", data, rows: [], postings },
  );
}
