import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { paymentsDialect } from "./dialect";
import { orderParams } from "./fields";
import { orderAnswer, printOrder } from "./order-object";

export const cancelOrder = defineRoute(paymentsDialect, {
  operationId: "cancel-order",
  method: "post",
  path: "/orders/:orderId/cancel",
  ...described(() => ({
    tag: "Orders",
    summary: "End an order, and the transaction that is open for it",
    description:
      "For good. Money that arrives afterwards goes back by itself. An order that is paid is refunded instead.",
    responses: { 200: { description: "Cancelled, now or before", schema: orderAnswer(200) } },
    errors: { 404: ["order_unknown"], 409: ["state_wrong"] },
  })),
  access: "app",
  scope: "payments",
  params: orderParams,
  async handle({ caller: { developer, app }, params: { orderId = "" }, request, perform }) {
    const result = await perform({
      name: "cancel-order",
      input: { developerId: developer.id, appId: app.id, orderId },
    });
    if (!result.ok) return result;
    return ok(printOrder(result.value, { message: "Order cancelled successfully", status: 200 }, request));
  },
});
