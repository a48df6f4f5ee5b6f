import * as z from "zod";
import { described } from "../described";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { orNull, referenceParams, text } from "./fields";
import { envelopeOf, succeed } from "./print-success";
import { toTransfer, transferObject } from "./transfer-object";

export const rejectTransfer = defineRoute(transfersDialect, {
  operationId: "reject-transfer",
  method: "post",
  path: "/transactions/:reference/reject",
  ...described(() => ({
    tag: "Transactions",
    summary: "Reject a payment",
    description: "By the receiving application. Nothing moves; the sender hears the reason.",
    bodyExample: { reason: "Unknown invoice" },
    responses: { 200: { description: "Rejected", schema: envelopeOf(transferObject) } },
    errors: {
      403: ["NOT_RECEIVER"],
      404: ["TRANSACTION_NOT_FOUND"],
      422: ["INVALID_TRANSACTION_STATE", "TRANSACTION_EXPIRED"],
    },
  })),
  access: "application",
  params: referenceParams,
  body: () => z.object({ reason: orNull(text(500)) }),
  async handle({ edge, caller, params: { reference = "" }, body: { reason }, perform }) {
    const result = await perform({ name: "reject-transfer", input: { applicationId: caller.id, reference, reason } });
    return result.ok ? succeed(edge, "Transaction rejected", toTransfer(result.value, caller)) : result;
  },
});
