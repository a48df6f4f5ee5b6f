import * as z from "zod";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { offersDialect } from "./dialect";
import { data } from "./envelope";

export const openPayoutAccount = defineRoute(offersDialect, {
  operationId: "open-payout-account",
  method: "post",
  path: "/me/payout-account",
  ...described(() => ({
    tag: "Payouts",
    summary: "Open the account that payouts go to, or continue doing so",
    description:
      "Answers a link to Stripe's onboarding, for one use. Ask again for another. An account that is gone at Stripe is replaced by a new one, and payouts that wait follow it. 422 `payout_account_refused` says what Stripe does not like: correct it and ask again.",
    responses: {
      200: {
        description: "The link",
        schema: data(z.strictObject({ url: z.string() }).meta({ id: "PayoutAccountLink" })),
      },
    },
    errors: { 422: ["payout_account_refused"], 500: ["stripe_unavailable"] },
  })),
  access: "expert",
  // A single-use link would be useless as the stored answer to a repeat.
  keyed: false,
  async handle({ caller, perform }) {
    const result = await perform({ name: "open-payout-account", input: { caller } });
    return result.ok ? ok({ data: { url: result.value.url } }) : result;
  },
});
