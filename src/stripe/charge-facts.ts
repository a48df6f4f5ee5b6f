import type Stripe from "stripe";
import type { ChargeMoney } from "../domain/offers/charge";
import type { StripeGateway } from "./client";
import { type DisputeFacts, listDisputes } from "./disputes";
import type { StripeOutcome } from "./failure";
import { listRefunds, type RefundFacts, refundFacts } from "./refunds";
import { listTransfers, type TransferFacts } from "./transfers";

/** The charge to ask about, and what distinguishes our own movements of its money from others'. */
export interface ChargeQuestion {
  chargeId: string;
  paymentIntentId: string;
  transferGroup: string;
  payoutId: string | undefined;
  /** Our own refunds, by the ids that they have at Stripe. */
  refundIds: ReadonlySet<string>;
  /** Whether we know of a dispute. Then disputes are read, whatever the charge says of itself. */
  mayBeDisputed: boolean;
}

export interface ChargeFacts {
  money: ChargeMoney;
  /** The transfers that were made for the payout. */
  transfers: TransferFacts[];
}

/** Asks Stripe for the present state of a charge's money: its refunds, its disputes, and the transfers of its group. */
export async function askCharge(stripe: StripeGateway, question: ChargeQuestion): Promise<StripeOutcome<ChargeFacts>> {
  const [charge, transfers] = await Promise.all([
    stripe.call<Stripe.Charge>("charge", (sdk) => sdk.charges.retrieve(question.chargeId, { expand: ["refunds"] })),
    listTransfers(stripe, question.transferGroup),
  ]);
  if (!charge.ok) return charge;
  if (!transfers.ok) return transfers;
  const refunds = charge.value.refunds?.has_more
    ? await listRefunds(stripe, question.paymentIntentId)
    : { ok: true as const, value: (charge.value.refunds?.data ?? []).map(refundFacts) };
  if (!refunds.ok) return refunds;
  const isDisputed = charge.value.disputed || question.mayBeDisputed;
  const disputes = isDisputed ? await listDisputes(stripe, question.chargeId) : { ok: true as const, value: [] };
  if (!disputes.ok) return disputes;
  const money = moneyOf(charge.value, {
    refunds: refunds.value,
    disputes: disputes.value,
    transfers: transfers.value,
    refundIds: question.refundIds,
    payoutId: question.payoutId,
  });
  return { ok: true, value: { money, transfers: transfers.value.filter((one) => isFor(one, question.payoutId)) } };
}

/** Computes the state of a charge's money from everything that Stripe reported of it. */
export function moneyOf(
  charge: Stripe.Charge,
  known: {
    refunds: readonly RefundFacts[];
    disputes: readonly DisputeFacts[];
    transfers: readonly TransferFacts[];
    refundIds: ReadonlySet<string>;
    payoutId: string | undefined;
  },
): ChargeMoney {
  const standing = known.refunds.filter((one) => one.status !== "failed");
  const byUs = standing.filter((one) => one.refundId !== undefined && known.refundIds.has(one.refundId));
  // The charge's own figure and the list may differ while a refund is under way: the larger one counts.
  const refundedMinor = Math.max(charge.amount_refunded, sumOf(standing.map((one) => one.amountMinor)));
  const refundedByUsMinor = sumOf(byUs.map((one) => one.amountMinor));
  const waiting = standing.filter((one) => !byUs.includes(one) && !one.movesMoney);
  const open = known.disputes.filter((one) => one.state === "open");
  const lost = known.disputes.filter((one) => one.state === "lost");
  const ofCharge = known.transfers.filter((one) => one.chargeId === charge.id || isFor(one, known.payoutId));
  const left = ({ amountMinor, reversedMinor }: TransferFacts) => amountMinor - reversedMinor;
  return {
    capturedMinor: charge.amount_captured,
    refundedByUsMinor,
    refundedPastUsMinor: Math.max(0, refundedMinor - refundedByUsMinor),
    waitingPastUsMinor: sumOf(waiting.map((one) => one.amountMinor)),
    openMinor: sumOf(open.map(({ withheldMinor, amountMinor }) => Math.max(withheldMinor, amountMinor))),
    lostMinor: sumOf(lost.map(({ amountMinor }) => amountMinor)),
    paidOutMinor: sumOf(ofCharge.filter((one) => isFor(one, known.payoutId)).map(left)),
    spentPastUsMinor: sumOf(ofCharge.filter((one) => !isFor(one, known.payoutId)).map(left)),
    hasOpenDispute: open.length > 0,
  };
}

function isFor({ payoutId }: TransferFacts, wanted: string | undefined): boolean {
  return wanted !== undefined && payoutId === wanted;
}

function sumOf(amounts: readonly number[]): number {
  return amounts.reduce((sum, one) => sum + one, 0);
}
