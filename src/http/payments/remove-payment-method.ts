import * as z from "zod";
import { described } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { paymentsDialect } from "./dialect";
import { ownMethod } from "./own-objects";

export const removePaymentMethod = defineRoute(paymentsDialect, {
  operationId: "remove-payment-method",
  method: "delete",
  path: "/payment-methods/:id",
  ...described(() => ({
    tag: "Payment methods",
    summary: "Remove a payment method",
    description:
      "Nothing is paid with it any more, and it is taken off at Stripe, for good. If it was preferred, the newest of the others is from now on.",
    responses: { 204: { description: "Removed" } },
    errors: { 404: ["method_unknown"] },
  })),
  access: "shopper",
  scope: "payments",
  params: () => z.object({ id: z.string() }),
  load: ownMethod.load,
  find: ownMethod.find,
  // Removing a method again is allowed, because the first answer may have been lost.
  permit: ({ user }, { userId, state }) =>
    userId === user.id && ["active", "removing", "removed", "gone"].includes(state) ? undefined : "method_unknown",
  async handle({ caller, found, perform }) {
    const input = { userId: caller.user.id, id: found.id };
    const result = await perform({ name: "remove-payment-method", input });
    return result.ok ? noContent : result;
  },
});
