import { described } from "../described";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { sharedParams } from "./fields";
import { envelopeOf, succeed } from "./print-success";
import { toTransfer, transferObject } from "./transfer-object";
import { handedBy } from "./visible-transfer";

export const cancelTransfer = defineRoute(transfersDialect, {
  operationId: "cancel-transfer",
  method: "post",
  path: "/transactions/:id/cancel",
  ...described(() => ({
    tag: "Transactions",
    summary: "Take a payment back",
    description: "By the sending application, while it awaits acceptance. Nothing moves; the receiver is told.",
    responses: { 200: { description: "Cancelled", schema: envelopeOf(transferObject) } },
    errors: {
      403: ["NOT_SENDER"],
      404: ["TRANSACTION_NOT_FOUND"],
      422: ["INVALID_TRANSACTION_STATE", "TRANSACTION_EXPIRED"],
    },
  })),
  access: "application",
  params: sharedParams,
  ...handedBy("id"),
  async handle({ edge, caller, params: { id: reference = "" }, found, perform }) {
    const input = { applicationId: caller.id, reference, ...found };
    const result = await perform({ name: "cancel-transfer", input });
    return result.ok ? succeed(edge, "Transaction cancelled", toTransfer(result.value, caller)) : result;
  },
});
