import { invalid } from "../core/refusal";

/**
 * The types by which lists of balance transactions can be filtered:
 * https://docs.stripe.com/api/balance_transactions/list
 */
const FILTERS = new Set(
  `
  tax_fund adjustment advance advance_funding anticipation_repayment application_fee application_fee_refund
  charge climate_order_purchase climate_order_refund connect_collection_transfer contribution
  inbound_transfer inbound_transfer_reversal issuing_authorization_hold issuing_authorization_release
  issuing_dispute issuing_dispute_provisional_credit issuing_dispute_provisional_credit_reversal
  issuing_transaction obligation_outbound obligation_reversal_inbound payment payment_failure_refund
  payment_network_reserve_hold payment_network_reserve_release payment_refund payment_reversal
  payment_unreconciled payout payout_cancel payout_failure payout_minimum_balance_hold
  payout_minimum_balance_release refund refund_failure reserve_transaction reserved_funds reserve_hold
  reserve_release stripe_fee stripe_fx_fee stripe_balance_payment_debit stripe_balance_payment_debit_reversal
  tax_fee topup topup_reversal transfer transfer_cancel transfer_failure transfer_refund fee_credit_funding
  `.match(/\w+/g),
);

/** Returns the filter, or throws Stripe's refusal of one that it does not document. */
export function lineFilter(type: string | null): string | null {
  if (type === null || FILTERS.has(type)) return type;
  throw invalid("type", `Invalid type: must be one of ${[...FILTERS].join(", ")}`);
}
