import * as z from "zod";
import { checkInvariants } from "../../db/operator/check-invariants";
import { described, forDescription } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";

const invariantObject = forDescription(() =>
  z.strictObject({
    name: z.string(),
    ok: z.boolean(),
    violations: z.array(z.record(z.string(), z.unknown())).meta({ description: "The first twenty." }),
  }),
);

export const checkLedger = defineRoute(adminDialect, {
  operationId: "check-ledger",
  method: "get",
  path: "/admin/ledger/check",
  ...described(() => ({
    tag: "Operator",
    summary: "Proof of the books",
    description:
      "Checks every invariant over ledger, journal and rows, all of one moment. Always 200: `ok` is the answer.",
    responses: {
      200: {
        description: "Each invariant, with the rows that violate it",
        schema: z.strictObject({ ok: z.boolean(), invariants: z.array(invariantObject) }),
      },
    },
  })),
  access: "operator",
  async handle({ edge }) {
    const queries = (await edge.document("/invariants.json")) as Record<string, string>;
    const invariants = await checkInvariants(edge.deps.db, queries);
    return ok({ ok: invariants.every((invariant) => invariant.ok), invariants });
  },
});
