import * as z from "zod";
import { firstDay } from "../../domain/transfers/day";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";
import { markObject, toMark } from "./restore-mark-object";

export const markRestored = defineRoute(adminDialect, {
  operationId: "mark-restored",
  method: "post",
  path: "/admin/restore",
  ...described(() => ({
    tag: "Operator",
    summary: "Say that the database was put back to an earlier moment",
    description:
      "From then on every other change is answered 503, the clock finishes nothing and nobody is told anything, until the recovery ends. For 30 days Stripe is asked what exists before it is told anything about what is older.",
    bodyExample: { restored_to: "2026-01-31T12:00:00Z" },
    responses: { 200: { description: "Marked", schema: z.strictObject({ data: markObject }) } },
    errors: { 409: ["state_wrong"] },
  })),
  access: "operator",
  evenInRecovery: true,
  body: () =>
    z.strictObject({
      restored_to: z.iso.datetime({ offset: true }).refine((at) => at >= firstDay, `must be ${firstDay} or later`),
    }),
  async handle({ caller, body, perform }) {
    const input = { restoredToMs: Date.parse(body.restored_to), operator: caller.name };
    const result = await perform({ name: "mark-restored", input });
    return result.ok ? ok({ data: toMark(result.value) }) : result;
  },
});
