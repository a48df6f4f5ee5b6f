import type Stripe from "stripe";
import type { World } from "./world";

/** An object as Stripe prints it: with the sub-lists that are always included. */
export function view(world: World, account: string, object: object): object {
  if (!("object" in object && object.object === "transfer")) {
    return object;
  }
  const transfer = object as Stripe.Transfer;
  return { ...transfer, reversals: reversalsOf(world, account, transfer) } satisfies Stripe.Transfer;
}

const INCLUDED = 10;

function reversalsOf(
  world: World,
  account: string,
  transfer: Stripe.Transfer,
): Stripe.ApiList<Stripe.TransferReversal> {
  const paging = { limit: INCLUDED, startingAfter: null, endingBefore: null };
  const page = world.objects.page("transfer_reversal", account, { transfer: transfer.id }, {}, paging);
  return { object: "list", data: page.data, has_more: page.hasMore, url: `/v1/transfers/${transfer.id}/reversals` };
}
