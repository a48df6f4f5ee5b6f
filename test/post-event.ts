import Stripe from "stripe";
import type { Answer, Journey } from "./journey.ts";

/** The part of an event in Stripe's own list that says what it is about. */
export interface ListedEvent {
  id: string;
  type: string;
  account?: string;
  data: { object: { id: string; metadata?: Record<string, string> } };
}

/**
 * Finds the newest event of a type about an object, in the platform's list or a connected account's. Throws if there is
 * none.
 */
export async function eventOf(
  journey: Journey,
  type: string,
  isWanted: (object: ListedEvent["data"]["object"]) => boolean,
  account?: string,
): Promise<ListedEvent> {
  const { data }: { data: ListedEvent[] } = await journey.stripe("/events?limit=100", account);
  const event = data.find((one) => one.type === type && isWanted(one.data.object));
  if (!event) throw new Error(`there is no ${type}`);
  return event;
}

/** Delivers one event as Stripe does, signed with the secret of its endpoint. */
export async function postEvent(journey: Journey, event: ListedEvent): Promise<Answer> {
  const signature = await new Stripe("sk_test_signs").webhooks.generateTestHeaderStringAsync({
    payload: JSON.stringify(event),
    secret: event.account === undefined ? "whsec_sandbox_platform" : "whsec_sandbox_connect",
    timestamp: (await journey.control("GET", "clock")).body.nowSeconds,
  });
  return journey.must(200, "POST", "/webhooks", { body: event, headers: { "Stripe-Signature": signature } });
}
