import * as z from "zod";
import { described } from "../described";
import { problemDialect } from "../problem/dialect";
import { ok } from "../route";
import { defineRoute } from "../serve";

/** Stripe's events contain whole objects; none is nearly as large. */
const eventLimitBytes = 512 * 1024;

const refused = {
  unsigned: { status: 400, text: "No signature of Stripe's fits this body.", code: "signature_invalid" },
  unreadable: { status: 400, text: "The body is signed by Stripe, and is no event.", code: "event_malformed" },
} as const;

export const receiveStripeEvent = defineRoute(problemDialect, {
  operationId: "receive-stripe-event",
  method: "post",
  path: "/webhooks",
  ...described(() => ({
    tag: "Service",
    summary: "Events from Stripe",
    description: "Signed by Stripe over the raw body. Stored, answered, processed afterwards.",
    responses: { 200: { description: "Stored", schema: z.strictObject({ received: z.literal(true) }) } },
    errors: { 400: ["event_malformed", "livemode_wrong", "signature_invalid"] },
  })),
  access: "anyone",
  keyed: false,
  rawBodyLimitBytes: eventLimitBytes,
  shielded: false,
  evenInRecovery: true, // stored is not yet done
  async handle({ edge, request, rawBody, perform }) {
    const signature = request.headers.get("Stripe-Signature") ?? "";
    const { deps } = edge;
    const verified = await deps.verifyEvent(rawBody, signature);
    if (!verified.ok) {
      if (verified.reason !== "thin") return { answer: refused[verified.reason] };
      deps.log.warn("thin_event_ignored", { advice: "Set the event destination at Stripe to snapshot payloads." });
      return ok({ received: true });
    }
    // Stripe sends the test events of connected accounts to live endpoints, too: they are acknowledged and dropped.
    // https://docs.stripe.com/connect/webhooks
    if (deps.settings.livemode && !verified.livemode) {
      deps.log.info("test_event_ignored", { eventId: verified.event.id, type: verified.event.type });
      return ok({ received: true });
    }
    if (verified.livemode !== deps.settings.livemode) {
      return { answer: { status: 400, text: "The event is of the other mode.", code: "livemode_wrong" } };
    }
    const result = await perform({ name: "record-stripe-event", input: { event: verified.event } });
    return result.ok ? ok({ received: true }) : result;
  },
});
