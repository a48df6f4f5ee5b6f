import type Stripe from "stripe";
import type { Objects } from "./objects";

/** Returns an object as Stripe prints it, with the sub-lists that are always included. */
export function view(objects: Objects, account: string, object: object): object {
  const kind = "object" in object ? object.object : null;
  if (kind === "transfer") {
    const transfer = object as Stripe.Transfer;
    return { ...transfer, reversals: reversalsOf(objects, account, transfer) } satisfies Stripe.Transfer;
  }
  if (kind === "application_fee") {
    const fee = object as Stripe.ApplicationFee;
    return { ...fee, refunds: feeRefundsOf(objects, account, fee) } satisfies Stripe.ApplicationFee;
  }
  return object;
}

const FIRST_PAGE = { limit: 10, startingAfter: null, endingBefore: null };

function reversalsOf(
  objects: Objects,
  account: string,
  transfer: Stripe.Transfer,
): Stripe.ApiList<Stripe.TransferReversal> {
  const page = objects.page("transfer_reversal", account, { transfer: transfer.id }, {}, FIRST_PAGE);
  return { object: "list", data: page.data, has_more: page.hasMore, url: `/v1/transfers/${transfer.id}/reversals` };
}

function feeRefundsOf(objects: Objects, account: string, fee: Stripe.ApplicationFee): Stripe.ApiList<Stripe.FeeRefund> {
  const page = objects.page("fee_refund", account, { fee: fee.id }, {}, FIRST_PAGE);
  return { object: "list", data: page.data, has_more: page.hasMore, url: `/v1/application_fees/${fee.id}/refunds` };
}
