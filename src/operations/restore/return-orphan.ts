import { lastSequence, lastVersion } from "../../db/position";
import { postedFor } from "../../db/postings";
import { isId } from "../../domain/id";
import { adjust, type LedgerAccount } from "../../domain/ledger";
import { type Result, refuse, success } from "../../domain/result";
import { expireSession, type SessionFacts } from "../../stripe/checkout";
import type { StripeFailure } from "../../stripe/failure";
import { createRefund, listRefunds, takenMinor } from "../../stripe/refunds";
import { listTransfers, reverseTransfer } from "../../stripe/transfers";
import { appendChange, type Position } from "../change";
import type { Deps } from "../deps";
import { isPaidInFull, type PaidFacts } from "../offers/settling";
import type { Recovered } from "./commands";

/**
 * Returns the money of a session whose offer the database has lost, because nobody can accept that offer any more. What
 * an expert was paid out of it is taken back first. The idempotency key of each call is made of Stripe's ids, and each
 * movement is booked once under its id, so a repeat continues where the last run stopped. The changes are written in
 * the journal of the lost offer. Returns `unpaid` if there is nothing to return. Refuses `stripe_unavailable`.
 */
export async function returnOrphan(deps: Deps, session: SessionFacts, operator: string): Promise<Result<Recovered>> {
  const { offer_id: offerId = "", testimony_id: testimonyId = "", client_id: tenant = "" } = session.metadata;
  if (!isId(offerId)) return success("nobody");
  if (session.status === "open") {
    const expired = await expireSession(deps.stripe, session.id, `orphan.${session.id}.expire`);
    // If Stripe refuses, the session was paid or has ended meanwhile, which the next run finds.
    return expired.ok || expired.failure.meaning === "refused" ? success("unpaid") : unanswered(expired.failure);
  }
  if (session.payment !== "paid") return success("unpaid");
  if (!isPaidInFull(session)) return refuse("stripe_unavailable", "paid without a charge");
  const orphan: Orphan = { deps, offerId, testimonyId, tenant, operator, session };
  await book(orphan, session.charge.id, "orphan-paid", paidBy(session));
  const back = await takeBack(orphan);
  if (!back.ok) return back;
  return giveBack(orphan);
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

function unanswered({ message }: StripeFailure): Result<never> {
  return refuse("stripe_unavailable", message);
}

/** Returns what the payment moved: the client's money came in, and Stripe kept its fee. */
function paidBy({ totalMinor, charge }: PaidFacts): Partial<Record<LedgerAccount, number>> {
  const [minor, feeMinor] = [totalMinor ?? 0, charge.fee?.minor ?? 0];
  return { client_payable: -minor, stripe_fees: feeMinor, stripe_balance: minor - feeMinor };
}

/**
 * Takes back what was paid out of the session's charge, because no expert is owed it any more. What Stripe does not
 * take back stays a loss in the ledger, and the log says so.
 */
async function takeBack(orphan: Orphan): Promise<Result<null>> {
  const { deps, testimonyId, session } = orphan;
  const listed = await listTransfers(deps.stripe, testimonyId);
  if (!listed.ok) return unanswered(listed.failure);
  for (const transfer of listed.value.filter(({ chargeId }) => chargeId === session.charge.id)) {
    const { id: transferId, payoutId = "", amountMinor, reversedMinor } = transfer;
    await book(orphan, transferId, "orphan-paid-out", { collected_from_us: amountMinor, stripe_balance: -amountMinor });
    const order = { transferId, amountMinor: amountMinor - reversedMinor, payoutId };
    const key = `orphan.${transferId}`;
    const made = order.amountMinor > 0 ? await reverseTransfer(deps.stripe, order, key, key) : undefined;
    if (made && !made.ok && made.failure.meaning !== "refused") return unanswered(made.failure);
    if (made && !made.ok) deps.log.error("orphan_not_taken_back", made.failure.message, { transferId });
    for (const reversal of [...transfer.reversals, ...(made?.ok ? [made.value] : [])]) {
      const backMinor = reversal.amountMinor;
      await book(orphan, reversal.id, "orphan-taken-back", {
        collected_from_us: -backMinor,
        stripe_balance: backMinor,
      });
    }
  }
  return success(null);
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
  const made = amountMinor > 0 ? await createRefund(deps.stripe, order, `orphan.${session.id}`) : undefined;
  if (made && !made.ok && made.failure.meaning !== "refused") return unanswered(made.failure);
  if (made && !made.ok) deps.log.error("orphan_not_returned", made.failure.message, { sessionId: session.id });
  for (const refund of [...standing, ...(made?.ok ? [made.value] : [])]) {
    const goneMinor = takenMinor(refund);
    await book(orphan, refund.id, "orphan-returned", { client_payable: goneMinor, stripe_balance: -goneMinor });
  }
  return success(made?.ok === false ? "nobody" : "returned");
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
  const [[last], [told]] = await deps.db.batch([lastVersion(deps.db, offerId), lastSequence(deps.db, offerId)]);
  const position: Position = {
    aggregateId: offerId,
    tenant,
    version: last?.version ?? 0,
    sequence: told?.sequence ?? 0,
  };
  const data = { operator, sessionId: session.id, stripeId: reference };
  await appendChange(deps, position, { name, actor: "operator", data, rows: [], postings });
}
