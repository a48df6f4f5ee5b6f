import type { Statement } from "../../../db/database";
import {
  deleteCustomer,
  type PaymentMethod,
  type Shopper,
  updatePaymentMethod,
} from "../../../db/payments/payment-methods";
import { enter } from "../../../domain/machine";
import { methodMachine, successorOf } from "../../../domain/payments/payment-method";
import { raise } from "../../attention";
import { appendChange, type NextChange } from "../../change";
import type { Deps } from "../../deps";

/**
 * Handles a customer that was deleted at Stripe, with every method attached to it. The row is deleted, so that the
 * shopper gets another customer with the next method; the operator sees this until then.
 */
export async function loseCustomer(deps: Deps, shopper: Shopper, stripeAccountId: string): Promise<Shopper> {
  const customer = shopper.customers.find((one) => one.stripeAccountId === stripeAccountId);
  if (!customer) return shopper;
  const lost = shopper.methods.filter((one) => one.state === "active" && one.stripeAccountId === stripeAccountId);
  const left = shopper.methods.filter((one) => !lost.includes(one));
  const heir = lost.some(({ preferred }) => preferred) ? successorOf(left, "") : undefined;
  const position = await appendChange(deps, shopper, {
    name: "lose-customer",
    actor: "stripe",
    data: { stripeId: customer.stripeId, methodIds: lost.map(({ id }) => id) },
    rows: [
      deleteCustomer(deps.db, customer),
      ...lost.map((method) => goneRow(deps, method)),
      ...(heir ? [updatePaymentMethod(deps.db, heir, { preferred: true, updatedAt: deps.nowMs() })] : []),
      raise(deps, shopper.aggregateId, { kind: "customer_gone", aboutKind: "customer", aboutId: customer.stripeId }),
    ],
    events: lost.map((method) => goneEvent(method, "customer_deleted")),
  });
  const customers = shopper.customers.filter((one) => one !== customer);
  const methods = left.map((one) => (one === heir ? { ...one, preferred: true } : one));
  return { ...position, customers, methods };
}

/** Makes the row of a method that cannot be used any more. */
export function goneRow(deps: Deps, method: PaymentMethod): Statement {
  const state = enter(methodMachine, "lose", method.state, "stripe");
  return updatePaymentMethod(deps.db, method, { state, preferred: false, updatedAt: deps.nowMs() });
}

/** Makes the event that tells the developer of it. */
export function goneEvent(
  { id, userId, appId, stripeAccountId }: PaymentMethod,
  reason: "detached" | "customer_deleted",
): NonNullable<NextChange["events"]>[number] {
  const accountId = stripeAccountId === "" ? null : stripeAccountId;
  return { type: "payment_method.gone", data: { paymentMethodId: id, userId, appId, accountId, reason } };
}
