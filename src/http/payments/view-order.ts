import { selectOrder } from "../../db/payments/orders";
import { readAll } from "../../db/read-all";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { paymentsDialect } from "./dialect";
import { orderParams } from "./fields";
import { orderAnswer, printOrder } from "./order-object";

export const viewOrder = defineRoute(paymentsDialect, {
  operationId: "view-order",
  method: "get",
  path: "/orders/:orderId",
  ...described(() => ({
    tag: "Orders",
    summary: "What an order costs, and where it is paid",
    responses: { 200: { description: "The order", schema: orderAnswer(200) } },
    errors: { 404: ["order_unknown"] },
  })),
  access: "app",
  scope: "payments",
  params: orderParams,
  async handle({ edge, caller: { developer, app }, params: { orderId = "" }, request }) {
    const key = { developerId: developer.id, appId: app.id, orderId };
    const [[order]] = await readAll(edge.deps.db, [selectOrder(edge.deps.db, key)] as const);
    if (!order) return { refusal: "order_unknown" };
    return ok(printOrder(order, { message: "Order retrieved successfully", status: 200 }, request));
  },
});
