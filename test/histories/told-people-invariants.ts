import { type NotificationType, notifications, type Side } from "../../src/domain/webhooks/notification";
import type { Invariant } from "./invariants";
import type { Snapshot } from "./snapshot";

/*
 * Clients and experts are notified of each change of their money and case: exactly once, and each side only of its own.
 */

type Row = Snapshot["rows"]["notifications"][number];

/** Returns the notifications of one type about one object. */
function about({ rows }: Snapshot, type: NotificationType, member: string, id: string): Row[] {
  return rows.notifications.filter((one) => one.type === type && one.data[member] === id);
}

function sumOf(list: readonly Row[]): number {
  return list.reduce((sum, { data }) => sum + Number(data.amountMinor), 0);
}

/** Nobody is notified of what concerns the other side only, or of another person's testimony. */
const toldToTheirSide: Invariant = ({ rows }) =>
  rows.notifications.flatMap(({ type, userId, data }) => {
    const testimony = rows.testimonies.find(({ id }) => id === data.testimonyId);
    const payout = rows.payouts.find(({ testimonyId }) => testimonyId === data.testimonyId);
    const side: Side = testimony?.clientId === userId ? "client" : "expert";
    const isTheirs = side === "client" || payout?.expertId === userId;
    return isTheirs && side in notifications[type as NotificationType] ? [] : [`${type} was told to ${side} ${userId}`];
  });

/** The changes that notify somebody of a testimony each time, and which side. */
const byChange: Record<string, [NotificationType, Side][]> = {
  "create-offer": [["offer.created", "client"]],
  "withdraw-offer": [["offer.withdrawn", "client"]],
  "process-payment": [["offer.payment_processing", "client"]],
  "fail-payment": [["offer.payment_refused", "client"]],
  "accept-offer": [
    ["offer.accepted", "client"],
    ["offer.accepted", "expert"],
  ],
  "cancel-testimony": [["testimony.cancelled", "client"]],
  "complete-testimony": [
    ["testimony.completed", "client"],
    ["testimony.completed", "expert"],
  ],
  "refund-testimony": [
    ["testimony.refunded", "client"],
    ["testimony.refunded", "expert"],
  ],
  "hold-payout": [["payout.held", "expert"]],
  "fail-payout": [["payout.failed", "expert"]],
};

/** Tells whether a side of a testimony is deleted, with all that it was told. */
function isDeleted({ users, testimonies, payouts }: Snapshot["rows"], side: Side, testimonyId: unknown): boolean {
  const testimony = testimonies.find(({ id }) => id === testimonyId);
  const expertId = testimony?.expertId ?? payouts.find((one) => one.testimonyId === testimonyId)?.expertId;
  const userId = side === "client" ? testimony?.clientId : expertId;
  return users.some(({ id, deletedAt }) => id === userId && deletedAt !== null);
}

const changesAreToldOnce: Invariant = ({ rows }) => {
  const clients = new Map(rows.testimonies.map(({ id, clientId }) => [id, clientId]));
  const key = (type: string, side: Side, testimonyId: unknown) => `${type} to the ${side} of ${testimonyId}`;
  const wanted = rows.journal.flatMap(({ name, aggregateId }) =>
    (byChange[name] ?? []).flatMap(([type, side]) =>
      isDeleted(rows, side, aggregateId) ? [] : [key(type, side, aggregateId)],
    ),
  );
  const types = new Set<string>(Object.values(byChange).flatMap((list) => list.map(([type]) => type)));
  const told = rows.notifications
    .filter(({ type }) => types.has(type))
    .flatMap(({ type, userId, data: { testimonyId } }) => {
      const side = clients.get(String(testimonyId)) === userId ? "client" : "expert";
      return isDeleted(rows, side, testimonyId) ? [] : [key(type, side, testimonyId)];
    });
  return [...new Set([...wanted, ...told])].flatMap((what) => {
    const [must, is] = [wanted, told].map((list) => list.filter((one) => one === what).length);
    return must === is ? [] : [`${what} was told ${is} times instead of ${must}`];
  });
};

/** The client is notified that a refund began, and how it ended. */
const refundsAreToldOnce: Invariant = (snapshot) =>
  snapshot.rows.refunds.flatMap(({ id, state, amountMinor, testimonyId }) => {
    if (isDeleted(snapshot.rows, "client", testimonyId)) return [];
    const of = (type: NotificationType) => about(snapshot, type, "refundId", id);
    const began = of("offer.payment_returning");
    const came = [...of("offer.payment_returned"), ...of("offer.payment_partly_returned")].length;
    const failed = of("offer.payment_return_failed").length;
    const isRight =
      began.length === 1 && sumOf(began) === amountMinor && came === (state === "succeeded" ? 1 : Math.min(came, 1));
    const isOver = failed <= (state === "failed" ? 1 : 0);
    return isRight && isOver ? [] : [`refund ${id} (${state}): began ${began.length}, came ${came}, failed ${failed}`];
  });

/** The expert is notified of each cent of a payout: sent, lowered, taken back. */
const payoutsAreToldOnce: Invariant = (snapshot) =>
  snapshot.rows.payouts.flatMap(({ id, state, sentMinor, nettedMinor, loweredMinor, reversedMinor, testimonyId }) => {
    if (isDeleted(snapshot.rows, "expert", testimonyId)) return [];
    const of = (type: NotificationType) => about(snapshot, type, "payoutId", id);
    const isPaid = state === "paid" || state === "reversing" || (state === "reversed" && of("payout.paid").length > 0);
    const paid = of("payout.paid");
    const isWhole = about(snapshot, "testimony.refunded", "testimonyId", testimonyId).length > 0;
    const wrong = {
      paid: isPaid ? paid.length === 1 && sumOf(paid) === sentMinor + nettedMinor : paid.length === 0,
      lowered: isWhole || sumOf(of("payout.lowered")) === loweredMinor,
      reversed: sumOf(of("payout.reversed")) === reversedMinor,
    };
    return Object.entries(wrong).flatMap(([what, holds]) => (holds ? [] : [`payout ${id} (${state}): ${what}`]));
  });

/** The expert who is to be paid is notified of a dispute's present state, once. */
const disputesAreToldOnce: Invariant = (snapshot) =>
  snapshot.rows.disputes.flatMap(({ stripeId, state, checkoutId, testimonyId }) => {
    if (isDeleted(snapshot.rows, "expert", testimonyId)) return [];
    const isOfExpert = snapshot.rows.payouts.some((one) => one.checkoutId === checkoutId);
    const told = (["payment.disputed", "payment.dispute_closed"] as const)
      .flatMap((type) => about(snapshot, type, "disputeId", stripeId))
      .filter(({ data }) => data.state === state);
    return told.length === (isOfExpert ? 1 : 0) ? [] : [`${stripeId} (${state}) was told ${told.length} times`];
  });

export const always: Record<string, Invariant> = {
  toldToTheirSide,
  changesAreToldOnce,
  refundsAreToldOnce,
  payoutsAreToldOnce,
  disputesAreToldOnce,
};
