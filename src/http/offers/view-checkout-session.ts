import * as z from "zod";
import { checkoutWithOffer, testimonyOfSession } from "../../db/offers/testimony-views";
import { outcomeOf, outcomeReasons, outcomeStates } from "../../domain/offers/payment-outcome";
import { described, forDescription } from "../described";
import type { Dialect } from "../dialect";
import { ok } from "../route";
import { defineRoute } from "../serve";
import type { OffersCallers } from "./auth";
import { offersDialect, offersRefusals } from "./dialect";
import { data } from "./envelope";
import { euros, toEuros } from "./offer-object";
import { sessionParams } from "./parameters";
import { timestamp, toTimestamp } from "./timestamp";

const unknown = { status: 404, text: "Checkout session not found.", code: "session_unknown" } as const;

/** Somebody else's session is answered like an unknown one (src/guides/decisions.md#other-tenants). */
const sessionDialect: Dialect<OffersCallers> = {
  ...offersDialect,
  refusals: { ...offersRefusals, session_unknown: unknown, session_foreign: unknown },
};

const checkoutSession = forDescription(() =>
  z
    .strictObject({
      id: z.string(),
      state: z.enum(outcomeStates),
      reason: z.enum(outcomeReasons).nullable().meta({ description: "Why it did not accept the offer." }),
      pollAfterSeconds: z.int().nullable().meta({ description: "When to ask again; null if this is the end." }),
      testimonyId: z.uuid(),
      offerId: z.uuid(),
      amount: euros.meta({ description: "What the page charges: the price and the commission." }),
      amountReturned: euros.meta({ description: "What of it is back, or on its way back." }),
      url: z.string().nullable().meta({ description: "The page, while it is open." }),
      expiresAt: timestamp,
    })
    .meta({ id: "CheckoutSession" }),
);

export const viewCheckoutSession = defineRoute(sessionDialect, {
  operationId: "view-checkout-session",
  method: "get",
  path: "/checkout-sessions/:sessionId",
  ...described(() => ({
    tag: "Offers",
    summary: "What became of a payment page",
    description:
      "For the page to which the client returns: `open`, `processing` (the bank takes days), `paid` (the money is here and does not accept the offer; it goes back), `accepted`, `returned` or `expired`. What we know is answered, and Stripe is not asked: a payment of this moment is `open` until its event has come, and confirming it settles it at once. Only for the client whose page it is.",
    responses: {
      200: {
        description: "What is known of it",
        schema: data(checkoutSession),
        example: {
          data: {
            id: "cs_test_a1b2c3",
            state: "returned",
            reason: "other_offer_accepted",
            pollAfterSeconds: null,
            testimonyId: "0193a4c5-7d21-8e3a-9b60-4f0d2c1a8b77",
            offerId: "0193a4c5-8a11-8e3a-9c55-1b7e3d9f0a42",
            amount: 180.9,
            amountReturned: 180.9,
            url: null,
            expiresAt: "2026-01-15T11:30:00+00:00",
          },
        },
      },
    },
    errors: { 404: ["session_unknown"] },
  })),
  access: "user",
  params: sessionParams,
  load: ({ db, params: { sessionId = "" } }) => [checkoutWithOffer(db, sessionId), testimonyOfSession(db, sessionId)],
  find: ([[found], [testimony]]) => (found && testimony ? { ...found, testimony } : "session_unknown"),
  permit: (caller, { checkout }) => (checkout.clientId === caller.id ? undefined : "session_foreign"),
  async handle({ found: { checkout, withdrawnAt, testimony } }) {
    const { state, reason, pollAfterSeconds } = outcomeOf({ checkout, offer: { withdrawnAt }, testimony });
    return ok({
      data: {
        id: checkout.sessionId,
        ...{ state, reason, pollAfterSeconds },
        ...{ testimonyId: checkout.testimonyId, offerId: checkout.offerId },
        amount: toEuros(checkout.totalMinor),
        amountReturned: toEuros(checkout.refundedMinor),
        url: checkout.state === "open" ? checkout.url : null,
        expiresAt: toTimestamp(checkout.expiresAt),
      },
    });
  },
});
