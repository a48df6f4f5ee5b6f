import * as z from "zod";
import { attentionSubjects, waitingKinds } from "../../domain/attention";
import { returnCauses } from "../../domain/offers/checkout";
import { holdReasons, holdSteps } from "../../domain/offers/payout";
import { transferStates } from "../../domain/transfers/transfer";
import type { EventType } from "../../domain/webhooks/event";

const id = z.string();
const amountMinor = z.int().min(0);
const currency = z.string().length(3);
const money = { currency, amountMinor };
const offer = { testimonyId: id, offerId: id };
const payout = { testimonyId: id, payoutId: id, expertId: id };
const refund = { testimonyId: id, checkoutId: id, refundId: id };
const payment = { testimonyId: id, checkoutId: id };
const delayed = z.strictObject({ ...offer, checkoutId: id, clientId: id, ...money });
const debt = z.strictObject({ ...payout, ...money, remainingMinor: amountMinor });
const order = { paymentId: id, transactionId: id, orderId: id, appId: id, userId: id, accountId: id };
const transaction = z.strictObject({ ...order, status: z.string(), ...money });
const orderRefund = z.strictObject({ ...order, refundId: id, ...money, reason: z.string().nullable() });
const orderDispute = { ...order, disputeId: id, ...money };
const transfer = z.strictObject({
  transferId: id,
  reference: z.string(),
  status: z.enum(transferStates),
  senderAppId: id,
  senderTag: z.string(),
  receiverAppId: id,
  receiverTag: z.string(),
  amount: z.string().regex(/^\d+(?:\.\d{1,4})?$/),
  currency,
  expiresAt: z.string(),
});
const endpoint = { endpointId: id, url: z.string() };

const waiting = {
  kind: z.enum(waitingKinds),
  aggregateId: id,
  about: z.strictObject({ kind: z.enum(attentionSubjects), id }),
  since: z.string(),
};

/**
 * The schema of each event's data, for every type of the closed list. Amounts are in minor units, those of transfers
 * decimal texts.
 */
export const catalogue = {
  "offer.created": {
    summary: "An expert has made an offer.",
    data: z.strictObject({ ...offer, expertId: id, currency, priceMinor: amountMinor, deliveryDays: z.int().min(1) }),
  },
  "offer.withdrawn": {
    summary: "An expert has taken an offer back.",
    data: z.strictObject({ ...offer, expertId: id }),
  },
  "offer.accepted": {
    summary: "A payment has accepted an offer. Exactly one per testimony.",
    data: z.strictObject({
      ...offer,
      expertId: id,
      currency,
      priceMinor: amountMinor,
      commissionMinor: amountMinor,
      totalMinor: amountMinor,
    }),
  },
  "offer.payment_processing": {
    summary: "A client has paid by a method that takes days: whether the money comes is not known yet.",
    data: delayed,
  },
  "offer.payment_settled": {
    summary: "The money of such a payment has come. What follows from it is told beside it.",
    data: delayed,
  },
  "offer.payment_refused": { summary: "The money of such a payment will not come.", data: delayed },
  "offer.payment_returning": {
    summary: "Money is on its way back to a client. How it ends is told under the same refund.",
    data: z.strictObject({ ...refund, offerId: id, clientId: id, ...money, cause: z.enum(returnCauses) }),
  },
  "offer.payment_returned": {
    summary: "A client has everything back: the offer could not be accepted, or the acceptance was taken back.",
    data: z.strictObject({
      ...payment,
      refundId: id.optional(),
      offerId: id,
      clientId: id,
      ...money,
      reason: z.string(),
    }),
  },
  "offer.payment_partly_returned": {
    summary: "A client has a part of a payment back.",
    data: z.strictObject({ ...refund, offerId: id, clientId: id, ...money, reason: z.string() }),
  },
  "offer.payment_return_failed": {
    summary: "Money could not be given back. It is still owed to the client, and an operator must look.",
    data: z.strictObject({ ...refund, ...money, reason: z.string() }),
  },
  "testimony.cancelled": {
    summary: "The client has cancelled.",
    data: z.strictObject({ testimonyId: id, reason: z.string().nullable() }),
  },
  "testimony.completed": { summary: "The expert has done the work.", data: z.strictObject({ testimonyId: id }) },
  "testimony.refunded": {
    summary: "An operator has taken the acceptance back.",
    data: z.strictObject({ ...offer, reason: z.string() }),
  },
  "payout.paid": {
    summary: "The expert was paid: by a transfer, less what the expert owed us.",
    data: z.strictObject({ ...payout, ...money, nettedMinor: amountMinor }),
  },
  "payout.held": {
    summary:
      "A payout waits: for the expert's account, for its release, or because money of its payment is disputed or went back.",
    data: z.strictObject({
      ...payout,
      reasons: z.array(z.enum(holdReasons)),
      toDo: z.array(z.enum(holdSteps)),
      releaseAt: z.string().optional(),
    }),
  },
  "payout.failed": {
    summary: "A payout was refused, and an operator must look.",
    data: z.strictObject({ ...payout, reason: z.string() }),
  },
  "payout.lowered": {
    summary: "An expert is to have less of a payout: a part of the payment went back, or was written off.",
    data: z.strictObject({ ...payout, ...money }),
  },
  "payout.reversed": {
    summary: "A payout was taken back, in whole or in part.",
    data: z.strictObject({ ...payout, ...money, owingMinor: amountMinor.optional() }),
  },
  "debt.raised": {
    summary: "An expert owes us what could not be taken back. It is netted with later payouts.",
    data: debt,
  },
  "debt.lowered": { summary: "An expert owes us less: money came back after all.", data: debt },
  "payout_account.updated": {
    summary: "What an expert's account can do has changed.",
    data: z.strictObject({ userId: id, state: z.string(), requirements: z.array(z.string()) }),
  },
  "payment.disputed": {
    summary: "A client disputes a payment at the bank.",
    data: z.strictObject({ ...payment, disputeId: z.string(), state: z.literal("open"), ...money }),
  },
  "payment.dispute_closed": {
    summary: "A dispute was won or lost.",
    data: z.strictObject({ ...payment, disputeId: z.string(), state: z.enum(["won", "lost"]), ...money }),
  },
  "payment.refunded_at_stripe": {
    summary: "Somebody has refunded a payment at Stripe, past us.",
    data: z.strictObject({ ...payment, ...money }),
  },
  "payment.refund_at_stripe_failed": {
    summary: "Such a refund has failed: the money is with us again.",
    data: z.strictObject({ ...payment, ...money }),
  },
  "payment.created": { summary: "A payment waits for a payment method.", data: transaction },
  "payment.requires_action": { summary: "The shopper must authenticate before it goes on.", data: transaction },
  "payment.processing": { summary: "The bank is asked; the outcome comes later.", data: transaction },
  "payment.authorized": {
    summary: "The amount is reserved, to be captured before the given time.",
    data: transaction.extend({ captureBefore: z.string().nullable() }),
  },
  "payment.capture_expiring": {
    summary: "An authorisation ends within a day and was not captured.",
    data: transaction.extend({ captureBefore: z.string() }),
  },
  "payment.succeeded": { summary: "The money is with the seller.", data: transaction },
  "payment.captured": {
    summary: "An authorised amount was captured, in whole or in part; the rest is released.",
    data: transaction.extend({ capturedMinor: amountMinor }),
  },
  "payment.failed": {
    summary: "An attempt to pay failed. It may be tried again with the same or another method.",
    data: transaction.extend({ errorCode: z.string(), declineCode: z.string().nullable() }),
  },
  "payment.canceled": { summary: "The payment is over; nothing was taken.", data: transaction },
  "payment.expired": { summary: "The authorisation has ended; nothing was taken.", data: transaction },
  "payment.duplicated": {
    summary: "An order is paid twice: a refund failed after another payment was made. Refund one of the two.",
    data: transaction.extend({ otherTransactionId: id }),
  },
  "refund.pending": {
    summary: "A refund is under way.",
    data: orderRefund.extend({ pendingReason: z.string().nullable() }),
  },
  "refund.succeeded": { summary: "The shopper has the money back.", data: orderRefund },
  "refund.failed": {
    summary: "Money could not be given back; it is with the seller again.",
    data: orderRefund.extend({ failure: z.string() }),
  },
  "dispute.opened": {
    summary: "A shopper disputes a payment at the bank.",
    data: z.strictObject({ ...orderDispute, state: z.literal("open") }),
  },
  "dispute.closed": {
    summary: "A dispute of a payment was won or lost.",
    data: z.strictObject({ ...orderDispute, state: z.enum(["won", "lost"]) }),
  },
  "account.updated": {
    summary: "What a connected account can do has changed.",
    data: z.strictObject({ accountId: id, state: z.string(), requirements: z.array(z.string()) }),
  },
  "payment_method.gone": {
    summary:
      "A stored payment method was taken off at Stripe, or its customer was deleted there. Ask the shopper for another.",
    data: z.strictObject({
      paymentMethodId: id,
      userId: id,
      appId: id,
      accountId: id.nullable(),
      reason: z.enum(["detached", "customer_deleted"]),
    }),
  },
  "transfer.initiated": { summary: "The receiver is asked to take a payment.", data: transfer },
  "transfer.completed": { summary: "The receiver took it, and both wallets moved.", data: transfer },
  "transfer.rejected": { summary: "The receiver did not want it; nothing moved.", data: transfer },
  "transfer.cancelled": { summary: "The sender took it back before it was answered; nothing moved.", data: transfer },
  "transfer.expired": { summary: "Nobody answered in time; nothing moved.", data: transfer },
  "settlement.closed": {
    summary: "A day was settled in one currency. Told to the operator and to whoever has a position in it.",
    data: z.strictObject({ settlementId: id, settlementDate: z.string(), currency }),
  },
  "webhook_endpoint.test": { summary: "Somebody tests an endpoint.", data: z.strictObject(endpoint) },
  "webhook_endpoint.failing": {
    summary: "An endpoint has failed for days and will be switched off.",
    data: z.strictObject({ ...endpoint, failingSince: z.string() }),
  },
  "webhook_endpoint.disabled": {
    summary: "An endpoint was switched off.",
    data: z.strictObject({ ...endpoint, failingSince: z.string(), reason: z.enum(["gone", "failing"]) }),
  },
  "attention.opened": {
    summary: "Something waits for a person at the operator's: what, since when, and whose it is.",
    data: z.strictObject({
      ...waiting,
      amountMinor: amountMinor.nullable(),
      currency: z.string().nullable(),
      who: z.array(id),
    }),
  },
  "attention.ended": { summary: "It waits no more.", data: z.strictObject(waiting) },
} as const satisfies Record<EventType, { summary: string; data: z.ZodType }>;
