import * as z from "zod";
import { testimonyOf } from "../../db/offers/testimonies";
import { readsOfSession } from "../../db/offers/testimony-views";
import { described } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { acceptDialect } from "./accept-dialect";
import { unused } from "./fields";
import { handOver } from "./visible-testimony";

/** Longer than any session id of Stripe's, so that a longer text is not looked up. */
const sessionIdMax = 255;

export const acceptOffer = defineRoute(acceptDialect, {
  operationId: "accept-offer",
  method: "post",
  path: "/testimonies/offers/accept",
  ...described(() => ({
    tag: "Offers",
    summary: "Confirm a payment and accept the offer",
    description: "The client who paid may repeat it: the answer is the same while the acceptance stands.",
    bodyExample: { sessionId: "cs_test_a1b2c3" },
    responses: { 204: { description: "Accepted" } },
    errors: {
      422: [
        "input_invalid",
        "offer_unavailable",
        "payment_failed",
        "payment_incomplete",
        "payment_processing",
        "payment_returned",
        "session_expired",
        "session_mismatch",
        "session_used",
      ],
      500: ["stripe_unavailable"],
    },
  })),
  access: "user",
  body: () => z.object({ sessionId: z.string().max(sessionIdMax), offerId: unused() }),
  load: ({ db, body }) => readsOfSession(db, body?.sessionId ?? ""),
  find: (rows) => testimonyOf(rows),
  async handle({ caller, body: { sessionId }, found, hasKey, perform }) {
    const checkout = found?.checkouts.find((one) => one.sessionId === sessionId);
    if (!found || !checkout) return { refusal: "session_unknown" };
    const { testimony } = found;
    if (checkout.clientId !== caller.id) return { refusal: "session_foreign" };
    const stands = testimony.state === "accepted" || testimony.state === "completed";
    const isDone = stands && checkout.state === "accepted" && testimony.acceptedOfferId === checkout.offerId;
    // A decided session needs no lock (src/guides/decisions.md#accepting-again), but an idempotency key must be stored
    // all the same.
    if (isDone && !hasKey) return noContent;
    const result = await perform({
      name: "accept-offer",
      input: {
        testimonyId: testimony.id,
        checkoutId: checkout.id,
        by: { actor: "client", userId: caller.id },
        ...handOver(found),
      },
    });
    return result.ok ? noContent : result;
  },
});
