import type { LedgerAccount } from "../domain/ledger";

/**
 * How each type of Stripe's balance transactions is booked: `object` means that the command which made the object, or
 * processed its event, posts what it moved; any other value is the ledger account that the clock books the line to,
 * because no object of ours explains it and no event announces it. A type that is missing here is unexplained until
 * somebody has decided about it. Stripe adds types without a new version:
 * https://docs.stripe.com/reports/balance-transaction-types
 */
const bookedTo = {
  charge: "object",
  payment: "object",
  refund: "object",
  payment_refund: "object",
  payment_reversal: "object",
  refund_failure: "object",
  payment_failure_refund: "object",
  transfer: "object",
  transfer_refund: "object",
  transfer_cancel: "object",
  transfer_failure: "object",
  application_fee: "object",
  application_fee_refund: "object",

  payout: "bank",
  payout_cancel: "bank",
  payout_failure: "bank",
  topup: "bank",
  topup_reversal: "bank",

  stripe_fee: "stripe_fees",
  stripe_fx_fee: "stripe_fees",
  tax_fee: "stripe_fees",
  fee_credit_funding: "stripe_fees",
  network_cost: "stripe_fees",

  payout_minimum_balance_hold: "stripe_reserves",
  payout_minimum_balance_release: "stripe_reserves",
  reserve_transaction: "stripe_reserves",
  reserve_hold: "stripe_reserves",
  reserve_release: "stripe_reserves",
  reserved_funds: "stripe_reserves",
  payment_network_reserve_hold: "stripe_reserves",
  payment_network_reserve_release: "stripe_reserves",

  // A line that names a dispute or a charge belongs to that object; any other is a correction of Stripe's own.
  adjustment: "stripe_adjustments",
  connect_collection_transfer: "collected_from_us",
} as const satisfies Record<string, LedgerAccount | "object">;

type LineType = keyof typeof bookedTo;

/** The types of which the clock books some lines. */
export const typesOfStripesOwn = (Object.keys(bookedTo) as LineType[]).filter((type) => bookedTo[type] !== "object");

/**
 * Returns the account that a line of Stripe's own is booked to; `object` if an object explains it; null for an unknown
 * type.
 */
export function accountOf({ type, source }: { type: string; source: string | null }): LedgerAccount | "object" | null {
  if (!Object.hasOwn(bookedTo, type)) return null;
  const isOfObject = type === "adjustment" && /^(dp|du|ch|py)_/.test(source ?? "");
  return isOfObject ? "object" : bookedTo[type as LineType];
}
