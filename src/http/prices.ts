/**
 * What each change counts in its owner's day: the rows that it writes at most, as the table of costs has it
 * (test/operations/every-operation-cost.test.ts). What ends a session, a token, an account, a payment method or an
 * endpoint is never refused for a quota, so it has no price.
 */
const rows: Readonly<Record<string, number>> = {
  "update-profile": 2,
  "open-payout-account": 9,
  "create-testimony": 8,
  "create-offer": 11,
  "withdraw-offer": 8,
  "start-checkout": 22,
  "accept-offer": 25,
  "complete-testimony": 8,
  "cancel-testimony": 8,
  "put-order": 3,
  "create-payment": 16,
  "confirm-payment": 17,
  "refund-payment": 23,
  "capture-payment": 12,
  "cancel-payment": 11,
  "cancel-order": 15,
  "attach-payment-method": 20,
  "prefer-payment-method": 4,
  "create-app": 6,
  "create-token": 3,
  "create-app-user": 7,
  "open-connected-account": 16,
  "update-application": 2,
  "rotate-application-key": 2,
  "rotate-application-webhook-secret": 2,
  "create-subject": 6,
  "create-tag": 6,
  "update-tag": 2,
  "initiate-transfer": 12,
  "accept-transfer": 10,
  "reject-transfer": 4,
  "cancel-transfer": 8,
  "provision-wallet": 4,
  "retry-transfer-webhook": 5,
  "settle-day": 11,
  "create-webhook-endpoint": 6,
  "update-webhook-endpoint": 6,
  "rotate-webhook-secret": 6,
  "test-webhook-endpoint": 6,
  "resend-webhook-delivery": 6,
  "recover-webhook-deliveries": 6,
};

/** Returns the price of an operation in rows; undefined if it is not counted. */
export function rowsOf(operationId: string): number | undefined {
  return rows[operationId];
}
