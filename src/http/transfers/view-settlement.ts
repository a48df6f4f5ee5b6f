import { described } from "../described";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { idParams } from "./fields";
import { findSettlement } from "./find-settlement";
import { envelopeOf, succeed } from "./print-success";
import { settlementObject, toSettlement } from "./settlement-object";

export const viewSettlement = defineRoute(transfersDialect, {
  operationId: "view-settlement",
  method: "get",
  path: "/settlement/:id",
  ...described(() => ({
    tag: "Settlement",
    summary: "One settlement",
    responses: { 200: { description: "The batch", schema: envelopeOf(settlementObject) } },
    errors: { 400: ["MALFORMED_REQUEST"], 404: ["SETTLEMENT_NOT_FOUND"] },
  })),
  access: "application",
  params: idParams,
  async handle({ edge, caller, params: { id = "" } }) {
    const batch = await findSettlement(edge.deps.db, { id: id.toLowerCase() }, caller);
    return batch ? succeed(edge, "Settlement", toSettlement(batch)) : { refusal: "settlement_unknown" };
  },
});
