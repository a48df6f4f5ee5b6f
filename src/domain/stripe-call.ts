/** Every kind of changing call to Stripe, and what the aggregate is under whose lock it is made. */
export const callRoots = {
  "create-session": "testimony",
  "expire-session": "testimony",
  "create-refund": "testimony",
  "create-transfer": "testimony",
  "reverse-transfer": "testimony",
  "create-account": "payout_account",
  "create-connected-account": "connected_account",
  "delete-connected-account": "connected_account",
  "create-customer": "shopper",
  "exchange-token": "shopper",
  "attach-method": "shopper",
  "detach-method": "shopper",
  "create-intent": "payment",
  "confirm-intent": "payment",
  "capture-intent": "payment",
  "cancel-intent": "payment",
  "create-payment-refund": "payment",
} as const;

export type CallKind = keyof typeof callRoots;
