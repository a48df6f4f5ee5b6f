import Stripe from "stripe";
import type { ListPosition } from "../domain/list-position";
import type { StripeGateway } from "./client";
import type { StripeOutcome } from "./failure";
import { onAccount } from "./on-account";
import { type ListRead, type PageRequest, readList } from "./read-list";

/** An event in the form in which it is stored. */
export interface StripeEvent {
  id: string;
  account: string | null;
  type: string;
  objectId: string;
  payload: string;
  createdAtMs: number;
}

/** Five minutes, as in Stripe's own libraries. */
const toleranceSeconds = 300;

/**
 * Verifies the signature over the raw body with every secret: platform, connected accounts, and those of a rotation
 * (src/guides/decisions.md#stripes-events). `receivedAtMs` comes from our clock, so that the sandbox can move it.
 */
export async function verifyEvent(
  rawBody: string,
  signature: string,
  secrets: readonly string[],
  receivedAtMs: number,
): Promise<{ ok: true; event: StripeEvent; livemode: boolean } | { ok: false; reason: NoEvent }> {
  const isSigned = await fitsAny(rawBody, signature, secrets, receivedAtMs);
  return isSigned ? readSigned(rawBody) : { ok: false, reason: "unsigned" };
}

/**
 * The reason for which a body holds no event: nobody's signature fits, it is not what Stripe sends, or it is a thin event
 * of another version of the API (https://docs.stripe.com/event-destinations#thin-events).
 */
export type NoEvent = "unsigned" | "unreadable" | "thin";

async function fitsAny(rawBody: string, header: string, secrets: readonly string[], receivedAtMs: number) {
  for (const secret of secrets) {
    const { signature } = Stripe.webhooks;
    const fits = signature?.verifyHeaderAsync(rawBody, header, secret, toleranceSeconds, undefined, receivedAtMs);
    // It was signed with another secret, or not by Stripe: the next secret decides.
    if (await fits?.catch(() => false)) return true;
  }
  return false;
}

function readSigned(rawBody: string): Awaited<ReturnType<typeof verifyEvent>> {
  try {
    const event = JSON.parse(rawBody);
    if (event.object === "v2.core.event") return { ok: false, reason: "thin" };
    return { ok: true, event: eventOf(event), livemode: event.livemode };
  } catch {
    return { ok: false, reason: "unreadable" };
  }
}

/** The events to list: of at most twenty types, the platform's or a connected account's. */
export interface EventChoice {
  types: readonly string[];
  account: string | undefined;
}

/** Reads one page of Stripe's own list of events, and the position after it, to find events that never arrived. */
export async function readEvents(
  stripe: StripeGateway,
  { types, account }: EventChoice,
  start: ListPosition,
): Promise<ListRead & { events: StripeEvent[] }> {
  const request: PageRequest<Stripe.Event> = (sdk, page) =>
    sdk.events.list({ ...page, types: [...types] }, onAccount(account ?? ""));
  const events: StripeEvent[] = [];
  const read = await readList(stripe, request, start, 1, (objects) => {
    events.push(...objects.map((event) => eventOf(event, account)));
    return false;
  });
  return { ...read, events };
}

/** Reads one event again. Stripe keeps it for 30 days. */
export async function retrieveEvent(
  stripe: StripeGateway,
  { id, account }: { id: string; account: string | null },
): Promise<StripeOutcome<StripeEvent>> {
  const outcome = await stripe.call<Stripe.Event>("event", (sdk) =>
    sdk.events.retrieve(id, {}, onAccount(account ?? "")),
  );
  if (!outcome.ok) return outcome;
  return { ok: true, value: eventOf(outcome.value, account ?? undefined) };
}

/** Converts an event. An account's own list need not name the account. */
function eventOf(event: Stripe.Event, account?: string): StripeEvent {
  const object = event.data.object as { id?: string };
  return {
    id: event.id,
    account: event.account ?? account ?? null,
    type: event.type,
    objectId: object.id ?? "",
    payload: JSON.stringify(event, (name, value) => (name === "client_secret" ? undefined : value)), // nobody reads it
    createdAtMs: event.created * 1000,
  };
}
