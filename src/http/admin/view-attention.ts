import * as z from "zod";
import { type Attention, attentionNeeded } from "../../db/attention";
import { attentionKinds, attentionSubjects } from "../../domain/attention";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";
import { stripeEventObject, toStripeEvent } from "./stripe-event";

const reasonObject = z.strictObject({
  aggregateId: z.string(),
  kind: z.enum(attentionKinds),
  about: z.strictObject({ kind: z.enum(attentionSubjects), id: z.string() }),
  since: z.iso.datetime(),
  amount: z.int().nullable(),
  currency: z.string().nullable(),
  note: z.string().nullable(),
});

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

function toReason({ aggregateId, kind, aboutKind, aboutId, since, amountMinor, currency, note }: Attention) {
  const about = { kind: aboutKind, id: aboutId };
  return { aggregateId, kind, about, since: new Date(since).toISOString(), amount: amountMinor, currency, note };
}

export const viewAttention = defineRoute(adminDialect, {
  operationId: "view-attention",
  method: "get",
  path: "/admin/attention",
  ...described(() => ({
    tag: "Operator",
    summary: "What a person must look at",
    description:
      "Reasons to look, the longest standing first (`amount` in minor units), calls to Stripe that keep failing, events that were given up. A hundred of each.",
    responses: {
      200: {
        description: "Nothing to do when all three are empty",
        schema: z.strictObject({
          data: z.strictObject({
            reasons: z.array(reasonObject),
            stripeCalls: z.array(stuckObject),
            stripeEvents: z.array(stripeEventObject),
          }),
        }),
      },
    },
  })),
  access: "operator",
  async handle({ edge }) {
    const { reasons, stuck, dead } = await attentionNeeded(edge.deps.db);
    const stripeCalls = stuck.map(({ dueAt, createdAt, ...facts }) => ({
      ...facts,
      dueAt: new Date(dueAt ?? createdAt).toISOString(),
      createdAt: new Date(createdAt).toISOString(),
    }));
    return ok({ data: { reasons: reasons.map(toReason), stripeCalls, stripeEvents: dead.map(toStripeEvent) } });
  },
});
