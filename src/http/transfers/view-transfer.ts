import * as z from "zod";
import { described } from "../described";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { envelopeOf, succeed } from "./print-success";
import { toTransfer, transferObject } from "./transfer-object";
import { visibleBy } from "./visible-transfer";

/** The payments contract shares the path, so this part has its name there. */
const params = z.object({ id: z.string().meta({ description: "The reference.", example: "TXN-16820000-AB1C2D3E" }) });

export const viewTransfer = defineRoute(transfersDialect, {
  operationId: "view-transfer",
  method: "get",
  path: "/transactions/:id",
  ...described(() => ({
    tag: "Transactions",
    summary: "One transaction",
    description: "For the two applications between which it is.",
    responses: { 200: { description: "The transaction", schema: envelopeOf(transferObject) } },
    errors: { 404: ["TRANSACTION_NOT_FOUND"] },
  })),
  access: "application",
  params,
  ...visibleBy("id"),
  async handle({ edge, caller, found }) {
    return succeed(edge, "Transaction", toTransfer(found, caller));
  },
});
