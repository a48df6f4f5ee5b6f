import * as z from "zod";
import { attentionNeeded } from "../../db/attention";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";
import { stripeEventObject, toStripeEvent } from "./stripe-event";

const flaggedObject = z.strictObject({ id: z.string(), state: z.string(), needsAttention: z.string() });

const stuckObject = z.strictObject({
  aggregateId: z.string(),
  id: z.string(),
  kind: z.string(),
  subjectId: z.string(),
  attempts: z.int(),
  failure: z.string().nullable(),
  dueAt: z.iso.datetime(),
  createdAt: z.iso.datetime(),
});

export const viewAttention = defineRoute(adminDialect, {
  operationId: "view-attention",
  method: "get",
  path: "/admin/attention",
  ...described(() => ({
    tag: "Operator",
    summary: "What a person must look at",
    description:
      "Testimonies that say why, calls to Stripe that keep failing, events that were given up. A hundred of each.",
    responses: {
      200: {
        description: "Nothing to do when all three are empty",
        schema: z.strictObject({
          data: z.strictObject({
            testimonies: z.array(flaggedObject),
            stripeCalls: z.array(stuckObject),
            stripeEvents: z.array(stripeEventObject),
          }),
        }),
      },
    },
  })),
  access: "operator",
  async handle({ edge }) {
    const { flagged, stuck, dead } = await attentionNeeded(edge.deps.db);
    const stripeCalls = stuck.map(({ dueAt, createdAt, ...facts }) => ({
      ...facts,
      dueAt: new Date(dueAt ?? createdAt).toISOString(),
      createdAt: new Date(createdAt).toISOString(),
    }));
    return ok({ data: { testimonies: flagged, stripeCalls, stripeEvents: dead.map(toStripeEvent) } });
  },
});
