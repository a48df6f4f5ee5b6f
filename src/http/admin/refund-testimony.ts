import * as z from "zod";
import { testimonyById } from "../../db/testimony-views";
import { described } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";

const reasonMax = 500;

export const refundTestimony = defineRoute(adminDialect, {
  operationId: "refund-testimony",
  method: "post",
  path: "/admin/testimonies/:id/refund",
  ...described(() => ({
    tag: "Operator",
    summary: "Take an acceptance back",
    description:
      "Cancels the payout or reverses its transfer, refunds the client in full, cancels the testimony. Each step is resumed until it is done.",
    bodyExample: { reason: "The expert fell ill." },
    responses: { 204: { description: "Under way" } },
    errors: [404, 409, 422],
  })),
  access: "operator",
  params: z.object({ id: z.string() }),
  body: z.object({ reason: z.string().max(reasonMax) }),
  load: ({ db, params: { id = "" } }) => [testimonyById(db, id)],
  find: ([[testimony]]) => testimony ?? "testimony_unknown",
  async handle({ caller, body, found, perform }) {
    const result = await perform({
      name: "refund-testimony",
      input: { testimonyId: found.id, operator: caller.name, reason: body.reason },
    });
    return result.ok ? noContent : result;
  },
});
