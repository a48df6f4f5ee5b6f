import type Stripe from "stripe";
import { refused } from "../core/refusal";
import type { World } from "../core/world";
import { post } from "./balance-transactions";
import { changeRefunded } from "./count-refund";
import { fund } from "./refund-without-funds";
import type { RefundPlan } from "./test-methods";

/** Ends a delayed refund as planned, unless it has ended already. */
export function decideRefund(world: World, id: string): void {
  const account = world.objects.ownerOf(id) ?? "";
  const refund = world.objects.get("refund", account, id);
  const plan = world.objects.hidden(id).plan as RefundPlan;
  const isPending = refund.status === "pending";
  if (plan === "pending_then_succeed" && isPending) {
    completeRefund(world, account, refund);
  }
  if (plan !== "pending_then_succeed" && (isPending || refund.status === "succeeded")) {
    failRefund(world, account, refund);
  }
}

export const REFUND_ENDS = ["succeeded", "failed"] as const;
export type RefundEnd = (typeof REFUND_ENDS)[number];

/** Ends a refund as the bank decides: even one that has succeeded may fail weeks later. */
export function endRefund(world: World, id: string, end: RefundEnd): Stripe.Refund {
  const account = world.objects.ownerOf(id) ?? "";
  const refund = world.objects.get("refund", account, id, "refund");
  const mayEnd = refund.status === "pending" || (refund.status === "succeeded" && end === "failed");
  if (!mayEnd) {
    throw refused(undefined, `Refund ${id} is ${refund.status}: it cannot have ${end}.`);
  }
  if (end === "failed") return failRefund(world, account, refund);
  return completeRefund(world, account, refund.balance_transaction === null ? fund(world, account, refund) : refund);
}

function completeRefund(world: World, account: string, refund: Stripe.Refund): Stripe.Refund {
  const { pending_reason: _, ...rest } = refund;
  const succeeded: Stripe.Refund = { ...rest, status: "succeeded" };
  world.objects.replace(refund.id, succeeded);
  world.emit("refund.updated", succeeded, { account, previous: { status: refund.status } });
  world.emit("charge.refund.updated", succeeded, { account, previous: { status: refund.status } });
  return succeeded;
}

/** Fails a refund: the money returns to the balance, if it had left it, and the customer has nothing. */
export function failRefund(world: World, account: string, refund: Stripe.Refund): Stripe.Refund {
  const taken = world.objects.find("balance_transaction", account, String(refund.balance_transaction));
  const transaction =
    taken &&
    post(world, account, {
      type: "refund_failure",
      category: "refund_failure",
      amountMinor: refund.amount,
      currency: refund.currency,
      source: refund.id,
      availableOnSeconds: taken.available_on,
    });
  const charge = world.objects.get("charge", account, String(refund.charge));
  changeRefunded(world, account, charge, -refund.amount);
  const { pending_reason: _, ...rest } = refund;
  const failed: Stripe.Refund = {
    ...rest,
    status: "failed",
    failure_reason: "expired_or_canceled_card",
    ...(transaction && { failure_balance_transaction: transaction.id }),
  };
  world.objects.replace(refund.id, failed);
  const previous = { status: refund.status };
  world.emit("refund.updated", failed, { account, previous });
  world.emit("charge.refund.updated", failed, { account, previous });
  world.emit("refund.failed", failed, { account, previous });
  return failed;
}
