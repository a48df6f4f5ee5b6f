import { bytesOfRow } from "../domain/quota";

/*
 * The rows that each change counts in its owner's day: those that it writes at most, as the table of costs has it
 * (test/operations/every-operation-cost.test.ts). What ends a session, a token, an account, a payment method or an
 * endpoint is never refused for a quota, so it has no price.
 */

/** Changes that begin something. */
const begun: Readonly<Record<string, number>> = {
  "update-profile": 4,
  "open-payout-account": 9,
  "create-testimony": 7,
  "create-offer": 10,
  "start-checkout": 20,
  "put-order": 3,
  "create-payment": 16,
  "attach-payment-method": 20,
  "prefer-payment-method": 4,
  "create-app": 6,
  "create-token": 3,
  "create-app-user": 7,
  "open-connected-account": 16,
  "update-application": 2,
  "create-subject": 6,
  "create-tag": 6,
  "update-tag": 2,
  "initiate-transfer": 12,
  "provision-wallet": 4,
  "retry-transfer-webhook": 5,
  "settle-day": 11,
  "create-webhook-endpoint": 6,
  "update-webhook-endpoint": 6,
  "test-webhook-endpoint": 6,
  "resend-webhook-delivery": 6,
  "recover-webhook-deliveries": 6,
};

/** Changes that finish what was begun or lead to it, and those that replace a secret. They have a reserve, so that nothing stays half-done for a quota. */
const finished: Readonly<Record<string, number>> = {
  "log-in": 4,
  "rotate-application-key": 2,
  "rotate-application-webhook-secret": 4,
  "rotate-application-client-secret": 4,
  "rotate-webhook-secret": 6,
  "withdraw-offer": 7,
  "accept-offer": 26,
  "complete-testimony": 8,
  "cancel-testimony": 7,
  "confirm-payment": 18,
  "capture-payment": 13,
  "refund-payment": 24,
  "cancel-payment": 11,
  "cancel-order": 15,
  "accept-transfer": 10,
  "reject-transfer": 4,
  "cancel-transfer": 8,
};

/** How often a body is kept that is passed on to Stripe: with its row, with the call, and in Stripe's events. */
const copies: Readonly<Record<string, number>> = { "create-payment": 3, "start-checkout": 2 };

/** Returns what an operation may store at most, with a body of so many bytes. */
export function priceOf(operationId: string, bodyBytes: number) {
  const rows = rowsOf(operationId) ?? 0;
  const bytes = rows * bytesOfRow + bodyBytes * (copies[operationId] ?? 1);
  // A change that finishes something may go beyond the quota, up to as much again.
  return { rows, bytes, reserve: finished[operationId] !== undefined };
}

/** Returns the price of an operation in rows; undefined if it is not counted. */
export function rowsOf(operationId: string): number | undefined {
  return begun[operationId] ?? finished[operationId];
}
