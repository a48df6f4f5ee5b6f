import * as z from "zod";
import { described } from "../described";
import { created } from "../route";
import { defineRoute } from "../serve";
import { paymentsDialect } from "./dialect";
import { accountId } from "./fields";
import { namedAccount, ownOf } from "./own-objects";
import { envelope, envelopeObject, statusMeta } from "./print-success";

export const createLoginLink = defineRoute(paymentsDialect, {
  operationId: "create-login-link",
  method: "post",
  path: "/connected-accounts/login",
  ...described(() => ({
    tag: "Connected accounts",
    summary: "Make a page that logs the account's holder in at Stripe",
    description:
      "409 until the holder has been through onboarding. It is made afresh each time, so the Idempotency-Key header is ignored.",
    bodyExample: { account_id: "acct_1Pgqu1FZ8uzExample" },
    responses: {
      201: {
        description: "The page",
        schema: envelopeObject({ data: z.strictObject({ login_url: z.string() }), meta: statusMeta(201) }),
      },
    },
    errors: { 401: ["account_foreign"], 409: ["account_gone", "onboarding_incomplete"], 503: ["stripe_unavailable"] },
  })),
  access: "login",
  scope: "accounts",
  keyed: false,
  body: () => z.object({ account_id: accountId() }),
  ...namedAccount,
  async handle({ caller, found, perform, request }) {
    const stripeId = ownOf(caller, found.account)?.stripeId;
    if (!stripeId) return { refusal: "account_foreign" };
    const page = await perform({ name: "create-login-link", input: { stripeId } });
    if (!page.ok) return page;
    return created(envelope({ data: { login_url: page.value.url }, meta: { status_code: 201 } }, request));
  },
});
