import Stripe from "#stripe";
import type { StripeGateway } from "./client";
import type { StripeOutcome } from "./failure";

/** An event as we keep it. */
export interface StripeEvent {
  id: string;
  account: string | null;
  type: string;
  objectId: string;
  payload: string;
  createdAtMs: number;
}

/** Five minutes, as Stripe's own libraries allow. */
const toleranceSeconds = 300;

/**
 * Checks the signature over the raw body against every secret: platform, connected accounts, and those of a rotation
 * (decisions X11). `receivedAtMs` comes from our clock, so that the sandbox can move it.
 */
export async function verifyEvent(
  rawBody: string,
  signature: string,
  secrets: readonly string[],
  receivedAtMs: number,
): Promise<{ ok: true; event: StripeEvent; livemode: boolean } | { ok: false }> {
  for (const secret of secrets) {
    try {
      const event = await Stripe.webhooks.constructEventAsync(
        rawBody,
        signature,
        secret,
        toleranceSeconds,
        undefined,
        receivedAtMs,
      );
      return { ok: true, event: eventOf(event, rawBody), livemode: event.livemode };
    } catch {
      // Signed with another secret, or not by Stripe: the next one decides.
    }
  }
  return { ok: false };
}

/** Which events are listed: of a span of time, at most twenty types, the platform's or a connected account's. */
export interface EventSpan {
  fromMs: number;
  untilMs: number;
  types: readonly string[];
  account: string | undefined;
}

/** Stripe's own list of events, newest first: what a gap in delivery has hidden (decisions X12). */
export async function listEvents(
  stripe: StripeGateway,
  { fromMs, untilMs, types, account }: EventSpan,
): Promise<StripeOutcome<StripeEvent[]>> {
  const created = { gte: Math.floor(fromMs / 1000), lte: Math.ceil(untilMs / 1000) };
  const options = account === undefined ? {} : { stripeAccount: account };
  const listed = await stripe.list<Stripe.Event>(
    (sdk, page) => sdk.events.list({ ...page, created, types: [...types] }, options),
    100,
  );
  if (!listed.ok) return listed;
  return { ok: true, value: listed.value.map((event) => eventOf(event, JSON.stringify(event), account)) };
}

/** An account's own list need not say whose it is. */
function eventOf(event: Stripe.Event, payload: string, account?: string): StripeEvent {
  const object = event.data.object as { id?: string };
  return {
    id: event.id,
    account: event.account ?? account ?? null,
    type: event.type,
    objectId: object.id ?? "",
    payload,
    createdAtMs: event.created * 1000,
  };
}
