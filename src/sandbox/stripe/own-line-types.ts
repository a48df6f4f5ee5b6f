/**
 * Lines that Stripe itself writes into a balance, with the reporting category of each. Costs of the card networks have
 * the type of Stripe's fees: https://docs.stripe.com/reports/balance-transaction-types
 */
export const OWN_LINES = {
  adjustment: { type: "adjustment", category: "other_adjustment" },
  connect_collection_transfer: { type: "connect_collection_transfer", category: "connect_collection_transfer" },
  fee_credit_funding: { type: "fee_credit_funding", category: "fee" },
  network_cost: { type: "stripe_fee", category: "network_cost" },
  payout_minimum_balance_hold: { type: "payout_minimum_balance_hold", category: "payout_minimum_balance_hold" },
  payout_minimum_balance_release: {
    type: "payout_minimum_balance_release",
    category: "payout_minimum_balance_release",
  },
  reserve_hold: { type: "reserve_hold", category: "risk_reserved_funds" },
  reserve_release: { type: "reserve_release", category: "risk_reserved_funds" },
  reserve_transaction: { type: "reserve_transaction", category: "risk_reserved_funds" },
  stripe_fee: { type: "stripe_fee", category: "fee" },
  stripe_fx_fee: { type: "stripe_fx_fee", category: "fee" },
  tax_fee: { type: "tax_fee", category: "tax" },
  topup: { type: "topup", category: "topup" },
  /** A type that Stripe does not document, because types are added without a new version of the API. */
  unheard_of: { type: "unheard_of", category: "other" },
} as const;

export type OwnLine = keyof typeof OWN_LINES;
