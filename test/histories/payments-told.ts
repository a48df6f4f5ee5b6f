import type { Told } from "./snapshot";

/** The statuses that never change again. */
export const ends = ["succeeded", "canceled", "expired"];

/** Records an answered transaction: its order, shopper and secret never change. */
export function hearOfPayment(
  { payments, wrong }: Told,
  {
    transactionId,
    orderId,
    userId,
    secret,
  }: Record<"transactionId" | "orderId" | "userId", string> & {
    secret: string | null;
  },
): void {
  const told = payments.get(transactionId);
  if (told && (told.orderId !== orderId || told.userId !== userId)) wrong.push(`${transactionId} is shared`);
  // It is forgotten once the payment is final, and never replaced.
  if (told?.secret && secret && told.secret !== secret) wrong.push(`${transactionId} has another secret now`);
  payments.set(transactionId, { ...told, orderId, userId, secret: secret ?? told?.secret ?? null });
}

/** Records an answered state, as far as it is final. */
export function hearOfState(
  { payments }: Told,
  transactionId: string,
  data: { status: string; amount_captured?: string },
): void {
  const told = payments.get(transactionId);
  if (!told) return;
  if (ends.includes(data.status)) told.end = data.status;
  if (data.status === "succeeded" && data.amount_captured !== undefined) {
    told.capturedMinor = Number(data.amount_captured);
  }
}

/** Records an answered refund. */
export function hearOfRefund(
  { refunds }: Told,
  data: { refund_id: string; transaction_id: string; amount: string; status: string },
): void {
  const { refund_id: id, transaction_id: transactionId, amount, status } = data;
  refunds.set(id, { transactionId, amountMinor: Number(amount), status });
}
