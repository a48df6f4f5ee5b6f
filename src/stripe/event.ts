import Stripe from "stripe";
import type { ListPosition } from "../domain/list-position";
import type { StripeGateway } from "./client";
import type { StripeOutcome } from "./failure";
import { onAccount } from "./on-account";
import { type ListRead, type PageRequest, readList } from "./read-list";

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
 * (src/guides/decisions.md#stripes-events). `receivedAtMs` comes from our clock, so that the sandbox can move it.
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

/** Which events are listed: of at most twenty types, the platform's or a connected account's. */
export interface EventChoice {
  types: readonly string[];
  account: string | undefined;
}

/** One page of Stripe's own list of events, and what follows it: what a gap in delivery has hidden. */
export async function readEvents(
  stripe: StripeGateway,
  { types, account }: EventChoice,
  start: ListPosition,
): Promise<ListRead & { events: StripeEvent[] }> {
  const request: PageRequest<Stripe.Event> = (sdk, page) =>
    sdk.events.list({ ...page, types: [...types] }, onAccount(account ?? ""));
  const events: StripeEvent[] = [];
  const read = await readList(stripe, request, start, 1, (objects) => {
    events.push(...objects.map((event) => eventOf(event, JSON.stringify(event), account)));
    return false;
  });
  return { ...read, events };
}

/** Asks for one event again. Stripe has it for 30 days. */
export async function retrieveEvent(
  stripe: StripeGateway,
  { id, account }: { id: string; account: string | null },
): Promise<StripeOutcome<StripeEvent>> {
  const outcome = await stripe.call<Stripe.Event>("event", (sdk) =>
    sdk.events.retrieve(id, {}, onAccount(account ?? "")),
  );
  if (!outcome.ok) return outcome;
  return { ok: true, value: eventOf(outcome.value, JSON.stringify(outcome.value), account ?? undefined) };
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
