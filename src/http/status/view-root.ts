import * as z from "zod";
import { described } from "../described";
import { problemDialect } from "../problem/dialect";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { naiveTime } from "./naive-time";

const starterEndpoints = {
  create_connected_account: "/api/v1/connected-accounts",
  continue_onboarding: "/api/v1/connected-accounts/onboarding",
  login_account_dashboard: "/api/v1/connected-accounts/login",
  create_transaction: "/api/v1/transactions",
  confirm_transaction: "/api/v1/transactions/confirm",
  request_refund: "/api/v1/refunds",
};

export const viewRoot = defineRoute(problemDialect, {
  operationId: "view-root",
  method: "get",
  path: "/",
  ...described(() => ({
    tag: "Service",
    summary: "Where to look next",
    responses: {
      200: {
        description: "Pointers",
        schema: z.strictObject({
          message: z.string(),
          version: z.string(),
          timpstamp: z.string().meta({ description: "`timestamp` as it was misspelt first. Stays." }),
          timestamp: z.string().meta({ description: "UTC." }),
          starter_endpoints: z.strictObject(
            Object.fromEntries(Object.entries(starterEndpoints).map(([name, path]) => [name, z.literal(path)])),
          ),
          documentation: z.url(),
        }),
      },
    },
  })),
  access: "anyone",
  async handle({ edge, request }) {
    const timestamp = naiveTime(edge.deps.nowMs());
    return ok({
      message: "Welcome to Accord",
      version: "v1",
      timpstamp: timestamp,
      timestamp,
      starter_endpoints: starterEndpoints,
      documentation: `${new URL(request.url).origin}/api/v1/openapi.json`,
    });
  },
});
