import * as z from "zod";
import { described } from "../described";
import { created } from "../route";
import { defineRoute } from "../serve";
import { paymentsDialect } from "./dialect";
import { accountId } from "./fields";
import { expiresAt, onboardingLinks, returnUrlFields, returnUrlsOf, timeLeft, toExpiry } from "./onboarding";
import { namedAccount, ownOf } from "./own-objects";
import { envelope, envelopeObject, statusMeta } from "./print-success";
import { refuseReturnUrls } from "./return-url";

export const createOnboardingLink = defineRoute(paymentsDialect, {
  operationId: "create-onboarding-link",
  method: "post",
  path: "/connected-accounts/onboarding",
  ...described(() => ({
    tag: "Connected accounts",
    summary: "Make an onboarding page",
    description:
      "For one use, for a few minutes. It is made afresh each time, so the Idempotency-Key header is ignored.",
    bodyExample: { account_id: "acct_1Pgqu1FZ8uzExample" },
    responses: {
      201: {
        description: "The page",
        schema: envelopeObject({
          data: z.strictObject({ message: z.string(), expires_at: expiresAt }),
          meta: statusMeta(201),
          links: onboardingLinks,
        }),
      },
    },
    errors: { 401: ["account_foreign"], 409: ["account_gone"], 502: ["stripe_refused"], 503: ["stripe_unavailable"] },
  })),
  access: "developer",
  scope: "accounts",
  keyed: false,
  bodyLimitBytes: 32 * 1024,
  body: () => z.object({ account_id: accountId(), ...returnUrlFields() }),
  ...namedAccount,
  async handle({ edge, caller, body, found, perform, request }) {
    const refused = refuseReturnUrls(edge, { return_url: body.return_url, refresh_url: body.refresh_url });
    if (refused) return refused;
    const stripeId = ownOf(caller, found.account)?.stripeId;
    if (!stripeId) return { refusal: "account_foreign" };
    const page = await perform({
      name: "create-onboarding-link",
      input: { stripeId, ...returnUrlsOf(edge, body) },
    });
    if (!page.ok) return page;
    const left = timeLeft(page.value.expiresAtMs, edge.deps.nowMs());
    const message = `Onboarding link expires in ${left} use the 'onboarding_url' to complete the onboarding`;
    const data = { message, expires_at: toExpiry(page.value) };
    const links = { onboarding_url: page.value.url };
    return created(envelope({ data, meta: { status_code: 201 }, links }, request));
  },
});
