import { described } from "../described";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { sharedParams } from "./fields";
import { envelopeOf, succeed } from "./print-success";
import { toTransfer, transferObject } from "./transfer-object";
import { visibleBy } from "./visible-transfer";

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
  params: sharedParams,
  ...visibleBy("id"),
  async handle({ edge, caller, found }) {
    return succeed(edge, "Transaction", toTransfer(found, caller));
  },
});
