import { described } from "../described";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { referenceParams } from "./fields";
import { envelopeOf, succeed } from "./print-success";
import { toTransfer, transferObject } from "./transfer-object";
import { handedBy } from "./visible-transfer";

export const acceptTransfer = defineRoute(transfersDialect, {
  operationId: "accept-transfer",
  method: "post",
  path: "/transactions/:reference/accept",
  ...described(() => ({
    tag: "Transactions",
    summary: "Accept a payment",
    description: "By the receiving application. The money moves in this moment.",
    responses: { 200: { description: "Completed", schema: envelopeOf(transferObject) } },
    errors: {
      403: ["NOT_RECEIVER"],
      404: ["TRANSACTION_NOT_FOUND"],
      422: ["DEBIT_LIMIT_EXCEEDED", "INVALID_TRANSACTION_STATE", "TRANSACTION_EXPIRED", "WALLET_LIMIT_EXCEEDED"],
    },
  })),
  access: "application",
  params: referenceParams,
  ...handedBy("reference"),
  async handle({ edge, caller, params: { reference = "" }, found, perform }) {
    const input = { applicationId: caller.id, reference, ...found };
    const result = await perform({ name: "accept-transfer", input });
    return result.ok ? succeed(edge, "Transaction accepted and completed", toTransfer(result.value, caller)) : result;
  },
});
