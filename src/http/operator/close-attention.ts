import * as z from "zod";
import { waitingKinds } from "../../domain/attention";
import { described } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";

export const closeAttention = defineRoute(adminDialect, {
  operationId: "close-attention",
  method: "post",
  path: "/admin/attention/close",
  ...described(() => ({
    tag: "Operator",
    summary: "Say of one entry of the list that somebody has looked",
    description:
      "For what nothing else ends; the list prints this request where it is so. The note goes into the timeline of what the entry hangs on. No money moves. 409 for what has to happen in the world.",
    bodyExample: {
      kind: "refund_failed",
      aggregate: "01a1f91e-f699-84f8-8dd3-bd4d5efaa050",
      about: "01a1f91e-f699-84f8-8dd3-0242ac120002",
      note: "Paid back by hand.",
    },
    responses: { 204: { description: "Noted" } },
    errors: { 404: ["id_unknown"], 409: ["state_wrong"] },
  })),
  access: "operator",
  body: () =>
    z.strictObject({
      kind: z.enum(waitingKinds),
      aggregate: z.string().min(1).max(255),
      about: z.string().min(1).max(255),
      note: z.string().min(1).max(500),
    }),
  async handle({ caller, body: { kind, aggregate: aggregateId, about: aboutId, note }, perform }) {
    const input = { kind, aggregateId, aboutId, operator: caller.name, note };
    const result = await perform({ name: "close-attention", input });
    return result.ok ? noContent : result;
  },
});
