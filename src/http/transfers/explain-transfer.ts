import { explainTransfer as explain, explainRow } from "../../domain/explained-rows";
import { described } from "../described";
import { explanationsObject, toExplanations } from "../explanation-object";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { sharedParams } from "./fields";
import { envelopeOf, succeed } from "./print-success";
import { visibleBy } from "./visible-transfer";

export const explainTransfer = defineRoute(transfersDialect, {
  operationId: "explain-transfer",
  method: "get",
  path: "/transactions/:id/explanation",
  ...described(() => ({
    tag: "Transactions",
    summary: "Why a transaction has not ended",
    description: "What it waits for and until when, what the caller can do, and what the caller was not told yet.",
    responses: { 200: { description: "The reasons", schema: envelopeOf(explanationsObject) } },
    errors: { 404: ["TRANSACTION_NOT_FOUND"] },
  })),
  access: "application",
  params: sharedParams,
  ...visibleBy("id"),
  async handle({ edge, caller, found: { webhooks, ...transfer } }) {
    const side = transfer.receiverAppId === caller.id ? "receiver" : "sender";
    const told = webhooks.filter(({ applicationId }) => applicationId === caller.id);
    const { explanations } = toExplanations(explain(transfer, side), side);
    const untold = toExplanations(told.flatMap((one) => explainRow("transfer_webhook", one)));
    return succeed(edge, "Explanation", { explanations: [...explanations, ...untold.explanations] });
  },
});
