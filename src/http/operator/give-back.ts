import * as z from "zod";
import { testimonyById } from "../../db/offers/testimony-views";
import { selectPayment } from "../../db/payments/payment-views";
import { described } from "../described";
import type { Route } from "../route";
import { planAnswer, planOf, writeRoute } from "./write-route";

const text = () => z.string().max(500);
const amount = () => z.int().min(1).optional();
/** The sum that was refunded already when the operator decided. */
const seen = () => z.int().min(0).optional();
const underWay = { description: "Under way" };

/** The decisions of an operator about money, which can be tried before. */
export const giveBackRoutes: readonly Route[] = [
  writeRoute({
    operationId: "refund-testimony",
    path: "/admin/testimonies/:id/refund",
    ...described(() => ({
      tag: "Operator",
      summary: "Take an acceptance back, or give a part of it back",
      description:
        "Cancels the payout or reverses its transfer, refunds the client in full, cancels the testimony. With an `amount` in cents that leaves something, so much goes back, commission and payout are lowered in proportion, and the acceptance stands. Each step is resumed until it is done. With the `refundedMinor` that the checkout showed you, it is refused as `refunded_since` if that has changed, so that two operators do not give the same part back.",
      bodyExample: { reason: "The expert fell ill." },
      responses: { ...planAnswer, 204: underWay },
      errors: {
        404: ["testimony_unknown"],
        409: ["refunded_since", "state_wrong"],
        422: ["amount_exceeds_refundable"],
        503: ["stripe_unavailable"],
      },
    })),
    name: "refund-testimony",
    body: () => z.strictObject({ reason: text(), amount: amount(), refundedMinor: seen() }),
    load: ({ db, params: { id = "" } }) => [testimonyById(db, id)],
    find: ([[testimony]]) => testimony ?? "testimony_unknown",
    input: ({ operator, body: { amount: amountMinor, refundedMinor: seenMinor, reason }, found }) => ({
      testimonyId: found.id,
      operator,
      reason,
      amountMinor,
      seenMinor,
    }),
    tried: planOf,
  }),
  writeRoute({
    operationId: "release-payout",
    path: "/admin/testimonies/:id/release-payout",
    ...described(() => ({
      tag: "Operator",
      summary: "Let a payout go that is held because money of its payment is gone, or before its release",
      description:
        "All of it, or a lower `amount` in cents, at most what the charge still holds at Stripe; what is left out is written off, and the expert is owed it no more. `early` sends it before the date, or the completion, that releases it; without it that wait goes on. It waits on for the expert's account, and is held again when more money goes.",
      bodyExample: { note: "Agreed with the expert by telephone.", amount: 5000 },
      responses: { ...planAnswer, 204: underWay },
      errors: {
        404: ["testimony_unknown"],
        409: ["state_wrong"],
        422: ["amount_exceeds_charge"],
        503: ["stripe_unavailable"],
      },
    })),
    name: "release-payout",
    body: () => z.strictObject({ note: text().min(1), amount: amount(), early: z.boolean().optional() }),
    load: ({ db, params: { id = "" } }) => [testimonyById(db, id)],
    find: ([[testimony]]) => testimony ?? "testimony_unknown",
    input: ({ operator, body: { amount: amountMinor, ...body }, found }) => ({
      testimonyId: found.id,
      operator,
      ...body,
      amountMinor,
    }),
    tried: planOf,
  }),
  writeRoute({
    operationId: "refund-payment-of-any",
    path: "/admin/payments/:id/refund",
    ...described(() => ({
      tag: "Operator",
      summary: "Give a payment's money back, all or a part",
      description:
        "As its developer can, by our id or the PaymentIntent's. What was only authorised is released. The reason is the refund's own, which the developer sees. With the `refundedMinor` that the payment showed you, it is refused as `refunded_since` if that has changed, so that two operators do not give the same part back.",
      bodyExample: { amount: 250, reason: "The seller cannot be reached." },
      responses: { ...planAnswer, 204: underWay },
      errors: {
        404: ["payment_unknown"],
        409: ["account_gone", "nothing_refundable", "payment_uncertain", "refunded_since", "state_wrong"],
        422: ["amount_exceeds_refundable", "amount_refused"],
        503: ["stripe_unavailable"],
      },
    })),
    name: "refund-payment",
    body: () => z.strictObject({ reason: text().min(1), amount: amount(), refundedMinor: seen() }),
    load: ({ db, params: { id = "" } }) => [selectPayment(db, id)],
    find: ([[found]]) => found?.payment ?? "payment_unknown",
    input: ({ operator, body, found: { developerId, appId, orderId, id: paymentId } }) => ({
      developerId,
      appId,
      orderId,
      paymentId,
      userId: undefined,
      operator,
      accountId: undefined,
      amountMinor: body.amount,
      seenMinor: body.refundedMinor,
      reason: body.reason,
    }),
    tried: planOf,
  }),
];
