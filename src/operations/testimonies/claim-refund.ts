import type { Statement } from "../../db/database";
import { type Checkout, insertRefund } from "../../db/testimonies";
import { homeOf } from "../../domain/id";
import type { Command } from "../commands";
import type { Deps } from "../deps";
import { claim } from "../effects";

/**
 * Claims the return of a checkout's money, the whole of it where nothing else is said, in minor units: the refund has its
 * own id from the moment it is asked for.
 */
export function claimRefund(
  deps: Deps,
  checkout: Checkout,
  paymentIntentId: string,
  reason: string,
  amountMinor = checkout.totalMinor,
) {
  const { testimonyId } = checkout;
  const refundId = deps.newId(homeOf(testimonyId));
  const effectId = deps.newId(homeOf(testimonyId));
  const createdAt = deps.nowMs();
  const rows: Statement[] = [
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
  return { refundId, rows, command };
}
