import * as z from "zod";
import { pageOfSettlements } from "../../db/transfers/settlements";
import { described } from "../described";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { pageOf, pageQuery, rowsOf, toPage } from "./paginate";
import { envelopeOf, succeed } from "./print-success";
import { settlementObject, toSettlement } from "./settlement-object";

export const listSettlements = defineRoute(transfersDialect, {
  operationId: "list-settlements",
  method: "get",
  path: "/settlement",
  ...described(() => ({
    tag: "Settlement",
    summary: "The settled days",
    description: "One batch for each day and currency. Administrators see everybody's position.",
    responses: { 200: { description: "One page, latest day first", schema: envelopeOf(pageOf(settlementObject)) } },
  })),
  access: "application",
  query: z.object(pageQuery("settlementDate")),
  async handle({ edge, caller, query }) {
    const applicationId = caller.admin ? undefined : caller.id;
    const { rows, total } = await pageOfSettlements(edge.deps.db, rowsOf(query), applicationId);
    return succeed(edge, "Settlements", toPage(rows.map(toSettlement), total, query));
  },
});
