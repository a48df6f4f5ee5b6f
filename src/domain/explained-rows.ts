import { attemptsMany } from "./attention";
import { type Explanation, explain } from "./explanation";
import type { ExplainedKind } from "./explanation-rules";
import { type HoldReason, holdReasons } from "./offers/payout";

/*
 * The explanations of rows, each with what it is about. Rows in a final state have none. Times are in milliseconds.
 */

export type Explained = Explanation & { about: { kind: ExplainedKind; id: string } };

interface Row {
  id: string;
  state: string;
  createdAt: number;
  dueAt?: number | null;
}

function explained(kind: ExplainedKind, id: string, state: string, facts: Parameters<typeof explain>[2]): Explained[] {
  const explanation = explain(kind, state, facts);
  return explanation ? [{ ...explanation, about: { kind, id } }] : [];
}

/** Explains a row that is just in a state: since it was made, and until it is due. */
export function explainRow(
  kind: ExplainedKind,
  { id, state, createdAt, dueAt }: Row,
  ids: Record<string, string | null> = {},
): Explained[] {
  return explained(kind, id, state, { since: createdAt, at: dueAt, ids: { id, ...ids } });
}

interface Offer {
  id: string;
  createdAt: number;
  acceptedAt: number | null;
  withdrawnAt: number | null;
}

export function explainTestimony({ id, state, createdAt }: Row, offers: readonly Offer[]): Explained[] {
  const [first] = offers
    .filter(({ withdrawnAt }) => withdrawnAt === null)
    .toSorted((a, b) => a.createdAt - b.createdAt);
  const acceptedAt = offers.find((offer) => offer.acceptedAt !== null)?.acceptedAt;
  const since = { offered: first?.createdAt, accepted: acceptedAt }[state] ?? createdAt;
  return explained("testimony", id, state, { since, ids: { testimonyId: id, offerId: first?.id } });
}

interface Payout extends Row {
  testimonyId: string;
  holds: readonly HoldReason[];
  heldSince: number | null;
  releaseOn: string | null;
  releaseAt: number | null;
}

export function explainPayout({ testimonyId, id, state, holds, ...payout }: Payout): Explained[] {
  const hold = state === "held" ? holdReasons.find((one) => holds.includes(one)) : undefined;
  const awaitsDate = hold === "not_released" && payout.releaseOn === "days";
  return explained("payout", id, hold ? `held_${hold}` : state, {
    since: payout.heldSince ?? payout.createdAt,
    at: awaitsDate ? payout.releaseAt : payout.dueAt,
    ids: awaitsDate ? {} : { testimonyId },
  });
}

interface Call {
  aggregateId: string;
  callId: string;
  createdAt: number;
  attempts: number;
  dueAt: number | null;
}

export function explainCall({ aggregateId, callId, createdAt, attempts, dueAt }: Call): Explained[] {
  const state = attempts >= attemptsMany ? "failing" : "open";
  return explained("stripe_call", callId, state, { since: createdAt, at: dueAt, ids: { aggregateId, id: callId } });
}

interface Payment extends Row {
  stripeId: string | null;
  updatedAt: number;
  captureBefore: number | null;
}

/** Explains a payment. While the outcome of a call is unknown, nothing else about it matters. */
export function explainPayment(payment: Payment, calls: readonly Call[]): Explained[] {
  const unknown = calls.find(({ attempts }) => attempts > 0);
  const { id, state, stripeId, updatedAt, dueAt, captureBefore } = payment;
  if (unknown) return explained("payment", id, "unknown", { since: unknown.createdAt, at: unknown.dueAt, ids: {} });
  const at = state === "requires_capture" ? captureBefore : dueAt;
  return explained("payment", id, state, { since: updatedAt, at, ids: { transactionId: stripeId } });
}

interface Transfer extends Row {
  reference: string;
  expiresAt: number;
}

/** Explains a transfer to one of its sides: the receiver can accept it, and the sender can only take it back. */
export function explainTransfer({ reference, state, createdAt, expiresAt }: Transfer, side: "sender" | "receiver") {
  const facts = { since: createdAt, at: expiresAt, ids: { reference } };
  return explained(side === "sender" ? "sent_transfer" : "transfer", reference, state, facts);
}
