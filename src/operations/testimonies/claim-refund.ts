import type { Statement } from "../../db/database";
import { addRefunded, type Checkout, insertRefund } from "../../db/testimonies";
import { returnCause } from "../../domain/checkout";
import { homeOf } from "../../domain/id";
import type { News } from "../change";
import type { Command } from "../commands";
import type { Deps } from "../deps";
import { claim } from "../effects";

/**
 * Whether the rest of a checkout is to be asked back when a payout was reversed. A return that has failed is the operator's,
 * who may have paid the client in another way by now.
 */
export function isToBeReturned({ state, refundedMinor, totalMinor }: Checkout): boolean {
  return state === "returning" && refundedMinor < totalMinor;
}

/**
 * Claims the return of a checkout's money, all that is not on its way back where nothing else is said, in minor units:
 * the refund has its own id from the moment it is asked for. The checkout counts it, and can never count too many.
 * `news` tells the client, with the change that claims it.
 */
export function claimRefund(
  deps: Deps,
  checkout: Checkout,
  paymentIntentId: string,
  reason: string,
  amountMinor = checkout.totalMinor - checkout.refundedMinor,
) {
  const { testimonyId } = checkout;
  const refundId = deps.newId(homeOf(testimonyId));
  const effectId = deps.newId(homeOf(testimonyId));
  const createdAt = deps.nowMs();
  const rows: Statement[] = [
    addRefunded(deps.db, checkout, amountMinor),
    insertRefund(deps.db, {
      testimonyId,
      id: refundId,
      checkoutId: checkout.id,
      state: "claimed",
      currency: checkout.currency,
      amountMinor,
      reason,
      createdAt,
    }),
    claim(deps, {
      aggregateId: testimonyId,
      id: effectId,
      kind: "create-refund",
      subjectId: refundId,
      params: { refundId, testimonyId, paymentIntentId, amountMinor },
    }),
  ];
  const command: Command = { name: "resume-effect", input: { root: "testimony", aggregateId: testimonyId, effectId } };
  const { id: checkoutId, offerId, clientId, currency } = checkout;
  const facts = { testimonyId, checkoutId, refundId, offerId, clientId, currency, amountMinor };
  const news: News = {
    type: "offer.payment_returning",
    data: { ...facts, cause: returnCause(reason) },
    to: { client: clientId },
  };
  return { refundId, rows, command, news };
}
