import * as z from "zod";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { accountObject, toAccount } from "./account-object";
import { paymentsDialect } from "./dialect";
import { accountId } from "./fields";
import { ownAccount } from "./own-objects";
import { envelope, envelopeObject, statusMeta } from "./print-success";

export const viewConnectedAccount = defineRoute(paymentsDialect, {
  operationId: "view-connected-account",
  method: "get",
  path: "/connected-accounts/:id",
  ...described(() => ({
    tag: "Connected accounts",
    summary: "One connected account",
    description: "Stripe is asked each time.",
    responses: {
      200: { description: "The account", schema: envelopeObject({ data: accountObject, meta: statusMeta(200) }) },
    },
    errors: { 401: ["account_foreign"], 503: ["stripe_unavailable"] },
  })),
  access: "developer",
  scope: "accounts",
  params: () => z.object({ id: accountId() }),
  ...ownAccount,
  async handle({ found, perform, request }) {
    const result = await perform({ name: "view-connected-account", input: { account: found } });
    if (!result.ok) return result;
    const { account, details } = result.value;
    return ok(envelope({ data: toAccount(account, details), meta: { status_code: 200 } }, request));
  },
});
