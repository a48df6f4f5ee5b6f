import type { Checkout } from "../../db/offers/testimonies";
import { move, type PostingLine } from "../../domain/ledger";
import type { SessionFacts } from "../../stripe/checkout";

/** Makes the postings of a paid session: the client's money, and Stripe's fee of it. */
export function paymentPostings(checkout: Checkout, charge: NonNullable<SessionFacts["charge"]>): PostingLine[] {
  return [
    ...move(checkout.totalMinor, checkout.currency, {
      debit: "stripe_balance",
      credit: "client_payable",
      reference: charge.id,
    }),
    ...feePostings(checkout, charge),
  ];
}

/** Makes the postings of Stripe's fee for a charge, once it is known and in our currency. */
export function feePostings(checkout: Checkout, charge: NonNullable<SessionFacts["charge"]>): PostingLine[] {
  if (charge.fee?.currency !== checkout.currency) return [];
  return move(charge.fee.minor, checkout.currency, {
    debit: "stripe_fees",
    credit: "stripe_balance",
    reference: charge.id,
  });
}

/**
 * Makes the postings of an acceptance: the client's money becomes the price, owed to the expert, and our commission.
 */
export function allocationPostings(checkout: Checkout): PostingLine[] {
  return [
    ...move(checkout.priceMinor, checkout.currency, { debit: "client_payable", credit: "expert_payable" }),
    ...move(checkout.commissionMinor, checkout.currency, { debit: "client_payable", credit: "commission" }),
  ];
}
