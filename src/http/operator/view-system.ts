import * as z from "zod";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";
import { readRelease } from "./release";

export const viewSystem = defineRoute(adminDialect, {
  operationId: "view-system",
  method: "get",
  path: "/admin/system",
  ...described(() => ({
    tag: "Operator",
    summary: "What is deployed, and how it is set up",
    description: "Names of settings, never their values, except for the numbers of policies.",
    responses: {
      200: {
        description: "The deployment",
        schema: z.strictObject({
          data: z.strictObject({
            mode: z.enum(["sandbox", "test", "live"]),
            release: z.string(),
            operator: z.string().meta({ description: "The name of the token that asks." }),
            settings: z.array(z.strictObject({ name: z.string(), isSet: z.boolean() })),
            policies: z.strictObject({
              commissionBasisPoints: z.int(),
              payoutReleaseOn: z.enum(["accepted", "completed", "days"]),
              payoutReleaseDays: z.int().nullable(),
              transferWindowMinutes: z.int(),
              tokenMinutes: z.int(),
              registrationsPerHour: z.int().meta({ description: "0: they are not counted." }),
              stripeTimeoutMs: z.int(),
              webhookTimeoutMs: z.int(),
            }),
          }),
        }),
      },
    },
  })),
  access: "operator",
  async handle({ edge, caller }) {
    const { mode, settings, policies } = edge.settings.setUp();
    return ok({ data: { mode, release: await readRelease(edge), operator: caller.name, settings, policies } });
  },
});
