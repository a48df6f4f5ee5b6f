import * as z from "zod";
import { selectConnectedAccount } from "../../db/payments/connected-accounts";
import { described, forDescription } from "../described";
import { created, ok } from "../route";
import { defineRoute } from "../serve";
import { paymentsDialect } from "./dialect";
import { accountId, text } from "./fields";
import { methodObject, toMethod } from "./method-object";
import { ownOf } from "./own-objects";
import { envelope, envelopeObject, statusMeta } from "./print-success";

const given = { card: /^pm_\w+$/, token: /^tok_\w+$/ } as const;

const body = () =>
  z
    .object({
      payment_method_id: text().meta(
        forDescription(() => ({
          description: "Stripe's id of a payment method; for the type `token`, of a token.",
          example: "pm_1MqLiJLkdIwHu7ixUEgbFdYF",
        })),
      ),
      type: z.enum(["card", "token"]),
      preferred: z.boolean().default(false),
      account_id: accountId()
        .optional()
        .meta(
          forDescription(() => ({
            description: "The account to store it on. Without it, it is the platform's, and pays on every account.",
          })),
        ),
    })
    .refine(({ payment_method_id, type }) => given[type].test(payment_method_id), {
      path: ["payment_method_id"],
      error: "must be Stripe's id: pm_… for the type card, tok_… for the type token",
    });

export const attachPaymentMethod = defineRoute(paymentsDialect, {
  operationId: "attach-payment-method",
  method: "post",
  path: "/payment-methods",
  ...described(() => ({
    tag: "Payment methods",
    summary: "Store a payment method for the shopper",
    description:
      "Attached at Stripe to the shopper's customer. A card that is stored already is answered as it is, with a renewed expiry where it has one. The shopper's first method is preferred by itself.",
    bodyExample: { payment_method_id: "pm_card_visa", type: "card", preferred: true },
    responses: {
      201: { description: "The method", schema: envelopeObject({ data: methodObject, meta: statusMeta(201) }) },
      200: {
        description: "The card was stored already",
        schema: envelopeObject({ data: methodObject, meta: statusMeta(200) }),
      },
    },
    errors: {
      401: ["account_foreign"],
      402: ["card_declined"],
      404: ["method_unknown"],
      409: ["account_gone", "method_gone"],
      422: ["method_refused"],
      503: ["stripe_unavailable"],
    },
  })),
  access: "shopper",
  scope: "payments",
  body,
  load: ({ db, body }) => [selectConnectedAccount(db, body?.account_id ?? "")],
  find: ([[found]]) => ({ account: found?.account }),
  async handle({ caller, found, body, perform, request }) {
    const account = ownOf(caller, found.account);
    if (body.account_id !== undefined && !account?.stripeId) return { refusal: "account_foreign" };
    const { developer, app, user } = caller;
    const result = await perform({
      name: "attach-payment-method",
      input: {
        userId: user.id,
        developerId: developer.id,
        appId: app.id,
        type: body.type,
        givenId: body.payment_method_id,
        preferred: body.preferred,
        account: account?.stripeId ? { id: account.id, stripeId: account.stripeId } : undefined,
      },
    });
    if (!result.ok) return result;
    const data = toMethod(result.value.method);
    return result.value.created
      ? created(envelope({ data, meta: { status_code: 201 } }, request))
      : ok(envelope({ data, meta: { status_code: 200 } }, request));
  },
});
