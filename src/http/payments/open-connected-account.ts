import * as z from "zod";
import { selectAccountByEmail } from "../../db/payments/connected-accounts";
import { canOpenIn } from "../../domain/account-country";
import { countries } from "../../domain/country";
import { bucketOf } from "../../domain/id";
import type { Result } from "../../domain/result";
import type { Output } from "../../operations/operations";
import { described, forDescription } from "../described";
import type { Edge } from "../edge";
import { created } from "../route";
import { defineRoute } from "../serve";
import { email } from "./fields";
import { expiresAt, onboardingLinks, returnUrlFields, returnUrlsOf, timeLeft, toExpiry } from "./onboarding";
import { envelope, envelopeObject, statusMeta } from "./print-success";
import { refuseReturnUrls } from "./return-url";
import { accountDialect } from "./route-dialects";

const countryDefault = "US";

export const openConnectedAccount = defineRoute(accountDialect, {
  operationId: "open-connected-account",
  method: "post",
  path: "/connected-accounts",
  ...described(() => ({
    tag: "Connected accounts",
    summary: "Open a connected account",
    description:
      "One live account per e-mail; a second one is 409 and names the first in `account_id`. The onboarding page is made afresh for each answer, a repeated one included. Without a page the account is open all the same: ask for another.",
    bodyExample: { email: "seller@example.com" },
    responses: {
      201: {
        description: "The account, and the page on which its holder goes through onboarding",
        schema: envelopeObject({
          data: z
            .strictObject({
              account_id: z.string(),
              public_key: z.string().nullable().meta({ description: "Stripe's publishable key of the platform." }),
              message: z.string(),
              expires_at: expiresAt,
            })
            .meta({ id: "OpenedAccount" }),
          meta: statusMeta(201),
          links: onboardingLinks,
        }),
      },
    },
    errors: { 400: ["input_invalid"], 409: ["account_exists"], 422: ["stripe_refused"], 503: ["stripe_unavailable"] },
  })),
  access: "developer",
  scope: "accounts",
  bodyLimitBytes: 32 * 1024,
  body: () =>
    z.object({
      email: email(),
      country: z
        .string()
        .refine((code) => countries.has(code), { error: "must be a country of ISO 3166-1, as in US", abort: true })
        .refine(canOpenIn, { error: ({ input }) => `cannot be ${input}: accounts cannot be opened there` })
        .optional()
        .meta(
          forDescription(() => ({
            description: "ISO 3166-1 alpha-2, US unless given; 422 where Stripe opens no accounts for this platform.",
            example: "US",
          })),
        ),
      ...returnUrlFields(),
    }),
  async handle({ edge, caller, body, perform, request }) {
    const refused = refuseReturnUrls(edge, { return_url: body.return_url, refresh_url: body.refresh_url });
    if (refused) return refused;
    const developerId = caller.developer.id;
    const id = await idFor(edge, developerId, body.email);
    const country = body.country ?? countryDefault;
    const opened = await perform({
      name: "open-connected-account",
      input: { id, developerId, email: body.email, country },
    });
    if (!opened.ok) return opened.refusal === "stripe_refused" ? notOpened(opened.detail) : opened;

    const stripeId = opened.value.stripeId ?? "";
    const page = await perform({
      name: "create-onboarding-link",
      input: { stripeId, ...returnUrlsOf(edge, body) },
    });
    const data = { account_id: stripeId, public_key: edge.settings.publishableKey ?? null, ...about(edge, page) };
    const links = { onboarding_url: page.ok ? page.value.url : null };
    return created(envelope({ data, meta: { status_code: 201 }, links }, request));
  },
});

/** Returns a new id, or that of the account whose creation was never answered. */
async function idFor({ deps }: Edge, developerId: string, email: string): Promise<string> {
  const [[existing]] = await deps.db.batch([selectAccountByEmail(deps.db, developerId, email)]);
  return existing?.state === "creating" ? existing.id : deps.newId(bucketOf(developerId));
}

/** Makes the answer for an e-mail or a country that Stripe refuses. */
function notOpened(words = "") {
  const text = `An error occurred while creating the connected account.${words}`;
  return { answer: { status: 422, text, code: "stripe_refused" } } as const;
}

function about({ deps }: Edge, page: Result<Output<"create-onboarding-link">>) {
  if (!page.ok) {
    const message =
      "Connected account created successfully but without an onboarding link: ask POST /api/v1/connected-accounts/onboarding for one";
    return { message, expires_at: null };
  }
  const left = timeLeft(page.value.expiresAtMs, deps.nowMs());
  const message = `Connected account created successfully onboarding link expires in ${left} use the 'onboarding_url' to complete the onboarding`;
  return { message, expires_at: toExpiry(page.value) };
}
