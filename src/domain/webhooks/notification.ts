import type { EventType } from "./event";

/** The two sides of a testimony. */
export type Side = "client" | "expert";

/** The texts for each side, and the members of the event's data that a notification shows. */
interface Notification extends Partial<Record<Side, string>> {
  readonly data: readonly string[];
}

const offer = ["testimonyId", "offerId"] as const;
const checkout = [...offer, "checkoutId", "currency", "amountMinor"] as const;
const refund = ["testimonyId", "checkoutId", "refundId", "currency", "amountMinor"] as const;
const payout = ["testimonyId", "payoutId"] as const;
const money = [...payout, "currency", "amountMinor"] as const;
const dispute = ["testimonyId", "disputeId", "state", "currency", "amountMinor"] as const;
const debt = [...money, "remainingMinor"] as const;

/**
 * The notifications of people, by the type of the event: one for every change of somebody's money or case. The list is
 * closed. A side without a text gets no notification, and nobody sees more of the data than the row names: no free
 * text, name or address of another person.
 */
export const notifications = {
  "offer.created": {
    client: "An expert has made an offer.",
    data: [...offer, "currency", "priceMinor", "deliveryDays"],
  },
  "offer.withdrawn": { client: "An expert has taken an offer back.", data: offer },
  "offer.payment_processing": {
    client: "The bank is debiting the account: whether it pays is known in some days.",
    data: checkout,
  },
  "offer.payment_settled": { client: "The bank has paid what was processing.", data: checkout },
  "offer.payment_refused": {
    client: "The bank has not paid, and will not. The offer can be paid anew.",
    data: checkout,
  },
  "offer.accepted": {
    client: "The payment has come, and the offer is accepted.",
    expert: "The client has paid, and the work can begin.",
    data: [...offer, "currency", "priceMinor", "commissionMinor", "totalMinor"],
  },
  "offer.payment_returning": { client: "Money is on its way back.", data: [...refund, "cause"] },
  "offer.payment_partly_returned": { client: "A part of the payment is back.", data: refund },
  "offer.payment_returned": {
    client: "All of the payment is back. The amount is that of the last refund.",
    data: refund,
  },
  "offer.payment_return_failed": {
    client: "Money could not be given back. It is still owed to the client, and an operator looks at it.",
    data: refund,
  },
  "payment.refunded_at_stripe": {
    client: "Money is back, by a refund that was made at Stripe.",
    data: ["testimonyId", "checkoutId", "currency", "amountMinor"],
  },
  "payment.refund_at_stripe_failed": {
    client: "That refund has failed: the money is not back.",
    data: ["testimonyId", "checkoutId", "currency", "amountMinor"],
  },
  "testimony.cancelled": { client: "The testimony is cancelled.", data: ["testimonyId"] },
  "testimony.completed": {
    client: "The expert has done the work.",
    expert: "The work is recorded as done.",
    data: ["testimonyId"],
  },
  "testimony.refunded": {
    client: "The acceptance was taken back: the testimony is cancelled, and the money goes back.",
    expert: "The acceptance was taken back. A payout that was not sent will not be.",
    data: offer,
  },
  "payout.held": {
    expert: "The payout waits: why, and what to do.",
    data: [...payout, "reasons", "toDo", "releaseAt"],
  },
  "payout.paid": {
    expert: "The payout was sent, less what was owed.",
    data: [...money, "nettedMinor"],
  },
  "payout.failed": { expert: "The payout was refused, and an operator looks at it.", data: payout },
  "payout.lowered": {
    expert: "The payout is less by so much: a part of the payment went back, or is lost.",
    data: money,
  },
  "payout.reversed": { expert: "So much of the payout was taken back.", data: money },
  "debt.raised": { expert: "What could not be taken back is owed, and netted with later payouts.", data: debt },
  "debt.lowered": { expert: "Less is owed.", data: debt },
  "payment.disputed": { expert: "The payment is disputed at the client's bank.", data: dispute },
  "payment.dispute_closed": { expert: "The dispute was won or lost.", data: dispute },
} as const satisfies Partial<Record<EventType, Notification>>;

export type NotificationType = keyof typeof notifications;

/** The event types that only endpoints receive, and no person. */
export type OtherEventType = Exclude<EventType, NotificationType>;

/** All types of notifications, in their order. */
export const notificationTypes = Object.keys(notifications) as [NotificationType, ...NotificationType[]];

/** The recipients of a type: a user's id for each side of its row; null if nobody on that side is concerned. */
export type Recipients<Type extends NotificationType> = {
  readonly [S in Extract<keyof (typeof notifications)[Type], Side>]: string | null;
};

export function isNotification(type: EventType): type is NotificationType {
  return type in notifications;
}

/** Returns the members of an event's data that a notification shows. */
export function shownOf(type: NotificationType, data: Record<string, unknown>): Record<string, unknown> {
  const members: readonly string[] = notifications[type].data;
  return Object.fromEntries(members.flatMap((name) => (data[name] === undefined ? [] : [[name, data[name]]])));
}
