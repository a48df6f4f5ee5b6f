import * as z from "zod";
import { type Waiting, waitingFor } from "../../db/operator/waiting";
import { attentionSubjects, waitingKinds } from "../../domain/attention";
import { explain } from "../../domain/explanation";
import type { ExplainedKind } from "../../domain/explanation-rules";
import { holdReasons } from "../../domain/offers/payout";
import { described, forDescription } from "../described";
import { explanationObject, toExplanation } from "../explanation-object";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";
import { outlookOf } from "./next-steps";
import { type Step, stepTakers } from "./step";

const stepObject = forDescription(() =>
  z
    .strictObject({
      by: z.enum(stepTakers),
      operation: z.string().nullable(),
      method: z.string().nullable(),
      path: z.string(),
      headers: z
        .record(z.string(), z.string())
        .nullable()
        .meta({ description: "What it needs beside the sender's token." }),
      body: z.record(z.string(), z.unknown()).nullable(),
    })
    .meta({ id: "AttentionStep" }),
);

const entryObject = forDescription(() =>
  z
    .strictObject({
      kind: z.enum(waitingKinds),
      since: z.iso.datetime(),
      aggregateId: z.string(),
      about: z.strictObject({
        kind: z.enum(attentionSubjects),
        id: z.string(),
        timeline: z.string().nullable().meta({ description: "The path of its timeline, where it has one." }),
      }),
      amount: z.int().nullable().meta({ description: "Minor units." }),
      currency: z.string().nullable(),
      note: z.string().nullable(),
      who: z.array(z.string()).meta({ description: "Whose it is, by id; `operator` where it is nobody else's." }),
      byItself: z.strictObject({ what: z.string(), at: z.iso.datetime().nullable() }),
      explanation: explanationObject.nullable().meta({ description: "Null where only `byItself` and `steps` tell." }),
      steps: z.array(stepObject).meta({ description: "What a person can do, the likeliest first, as it is sent." }),
    })
    .meta({ id: "AttentionEntry" }),
);

function toEntry(one: Waiting) {
  const { byItself, steps } = outlookOf(one);
  return {
    kind: one.kind,
    since: new Date(one.since).toISOString(),
    aggregateId: one.aggregateId,
    about: { ...one.about, timeline: timelinePath(one) },
    amount: one.amountMinor,
    currency: one.currency,
    note: one.note,
    who: one.who,
    byItself: { what: byItself.what, at: byItself.at === null ? null : new Date(byItself.at).toISOString() },
    explanation: explanationOf(one, steps),
    steps,
  };
}

/** The state that a kind of entry is about; the others explain themselves. */
const explained: Partial<Record<Waiting["kind"], readonly [ExplainedKind, string]>> = {
  payout_failed: ["payout", "failed"],
  dispute_open: ["dispute", "open"],
  expert_owes: ["debt", "owed"],
  payment_unknown: ["payment", "unknown"],
  stripe_call_failing: ["stripe_call", "failing"],
  stripe_call_stuck: ["stripe_call", "failing"],
  stripe_event_dead: ["stripe_event", "dead"],
  endpoint_disabled: ["endpoint", "disabled"],
  settlement_failed: ["settlement", "FAILED"],
};

function stateOf({ kind, facts: { holds, orderId, email } }: Waiting): readonly [ExplainedKind, string] {
  const hold = holdReasons.find((one) => holds?.includes(one));
  if (hold && kind.startsWith("payout_") && kind !== "payout_failed") return ["payout", `held_${hold}`];
  const isOfPayment = typeof orderId === "string";
  if (kind === "refund_failed" && isOfPayment) return ["attention", "payment_refund_failed"];
  if (kind === "account_gone" && !isOfPayment) return [email ? "connected_account" : "payout_account", "gone"];
  return explained[kind] ?? ["attention", kind];
}

/** Explains an entry, with the operator's request only if it is one of those that help in its case. */
function explanationOf(one: Waiting, steps: readonly Step[]) {
  const { aggregateId, about, since, dueAt: at, facts } = one;
  const ids = { testimonyId: aggregateId, aggregateId, id: about.id, recordId: facts.recordId, day: facts.day };
  const explanation = explain(...stateOf(one), { since, at, ids });
  if (!explanation) return null;
  const { call } = explanation;
  const helps = call?.who !== "operator" || steps.some(({ path }) => path === call.path);
  return toExplanation({ ...explanation, call: helps ? call : null });
}

/**
 * Returns the path of an item's timeline; null for a dead event, which may belong to no aggregate, and for a cursor.
 */
function timelinePath({ kind, aggregateId, about }: Waiting): string | null {
  if (kind === "stripe_event_dead" || about.kind === "cursor") return null;
  return `/api/v1/admin/timeline?id=${encodeURIComponent(aggregateId)}`;
}

export const viewAttention = defineRoute(adminDialect, {
  operationId: "view-attention",
  method: "get",
  path: "/admin/attention",
  ...described(() => ({
    tag: "Operator",
    summary: "What a person must look at, over all contracts",
    description:
      "The longest waiting first, a hundred of each place: whose it is, how much, what happens by itself and when, and what a person can do. `full` names the kinds of which there may be more.",
    responses: {
      200: {
        description: "Nothing to do when `entries` is empty",
        schema: z.strictObject({
          data: z.strictObject({ entries: z.array(entryObject), full: z.array(z.enum(waitingKinds)) }),
        }),
      },
    },
  })),
  access: "operator",
  async handle({ edge }) {
    const { list, full } = await waitingFor(edge.deps.db, edge.deps.nowMs());
    return ok({ data: { entries: list.map(toEntry), full } });
  },
});
