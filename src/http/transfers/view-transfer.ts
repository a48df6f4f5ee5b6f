import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { referenceParams } from "./fields";
import { envelopeOf, succeed } from "./print-success";
import { toTransfer, transferObject } from "./transfer-object";
import { visibleTransfer } from "./visible-transfer";

export const viewTransfer = defineRoute(transfersDialect, {
  operationId: "view-transfer",
  method: "get",
  path: "/transactions/:reference",
  tag: "Transactions",
  summary: "One transaction",
  description: "For the two applications between which it is.",
  access: "application",
  params: referenceParams,
  responses: { 200: { description: "The transaction", schema: envelopeOf(transferObject) } },
  errors: [404],
  ...visibleTransfer,
  async handle({ edge, found }) {
    return succeed(edge, "Transaction", toTransfer(found));
  },
});
