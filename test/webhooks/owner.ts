import { expect, vi } from "vitest";
import type { Verdict } from "../../src/sandbox/inbox/verify";
import { journey } from "../http/checked";
import type { Person } from "../journey";

/** The operator's token. */
export const token = "admin_sandbox";

export interface Endpoint {
  id: string;
  url: string;
  secret: string;
  enabled: boolean;
  previousSecretUntil: string | null;
  health: { failingSince: string | null; warnedAt: string | null; disabledReason: string | null };
}

export interface LoggedAttempt {
  number: number;
  at: string;
  durationMs: number;
  outcome: string;
  status: number | null;
  excerpt: string | null;
  nextAttemptAt: string | null;
}

export interface Delivery {
  id: string;
  endpointId: string;
  eventId: string;
  type: string;
  resource: string;
  sequence: number;
  state: "pending" | "delivered" | "failed";
  attempts: number;
  nextAttemptAt: string | null;
  payload: Record<string, unknown> | null;
  log: LoggedAttempt[];
}

export interface Arrival {
  atMs: number;
  headers: Record<string, string>;
  body: string;
  verdict: Verdict;
}

/** Returns the address of a box of the sandbox. */
export function boxUrl(box: string): string {
  return `http://localhost:8787/sandbox/inbox/${box}`;
}

/** Makes an endpoint that sends to a box, or to a given address. */
export async function makeEndpoint(box: string, changes: object = {}): Promise<Endpoint> {
  const body = { url: boxUrl(box), events: ["*"], ...changes };
  return (await journey.must(201, "POST", "/webhook-endpoints", { token, body })).body.data;
}

export async function viewEndpoint({ id }: { id: string }): Promise<Endpoint> {
  return (await journey.must(200, "GET", `/webhook-endpoints/${id}`, { token })).body.data;
}

export async function changeEndpoint({ id }: { id: string }, body: object): Promise<Endpoint> {
  return (await journey.must(200, "PATCH", `/webhook-endpoints/${id}`, { token, body })).body.data;
}

/** Sets the mode in which a box answers. */
export function tellBox(box: string, mode: string): Promise<unknown> {
  return journey.control("POST", "inbox", { box, mode });
}

/** Lists the messages of a box, oldest first. */
export async function arrivals(box: string): Promise<Arrival[]> {
  return (await journey.control("GET", `inbox?box=${box}`)).body.received.toReversed();
}

/** Waits until so many messages have arrived. */
export function arrived(box: string, count: number): Promise<Arrival[]> {
  return until(async () => {
    const list = await arrivals(box);
    expect(list.length).toBeGreaterThanOrEqual(count);
    return list;
  });
}

/** Lists the deliveries of an endpoint, newest first. */
export async function deliveriesOf({ id }: { id: string }, query = ""): Promise<Delivery[]> {
  return (await journey.must(200, "GET", `/webhook-endpoints/${id}/deliveries?limit=100${query}`, { token })).body.data;
}

export async function viewDelivery(id: string): Promise<Delivery> {
  return (await journey.must(200, "GET", `/webhook-deliveries/${id}`, { token })).body.data;
}

/** Waits until a delivery was attempted this often. */
export function attempted(id: string, attempts: number): Promise<Delivery> {
  return until(async () => {
    const delivery = await viewDelivery(id);
    expect(delivery.attempts).toBeGreaterThanOrEqual(attempts);
    return delivery;
  });
}

/** Waits until an endpoint's newest delivery was attempted, and returns it. */
export function newestAttempted(endpoint: { id: string }, attempts = 1): Promise<Delivery> {
  return until(async () => {
    const [newest] = await deliveriesOf(endpoint);
    expect(newest?.attempts ?? 0).toBeGreaterThanOrEqual(attempts);
    return viewDelivery(newest?.id ?? "");
  });
}

export async function resend({ id }: { id: string }): Promise<void> {
  await journey.must(202, "POST", `/webhook-deliveries/${id}/resend`, { token });
}

/** Sends the test event, and returns its delivery once it was attempted. */
export async function sendTest({ id }: { id: string }): Promise<Delivery> {
  const answer = await journey.must(202, "POST", `/webhook-endpoints/${id}/test`, { token });
  return attempted(answer.body.data.deliveryId, 1);
}

/** Causes the cheapest event: a client cancels. Returns the testimony. */
export async function tellSomething(client: Person): Promise<string> {
  const testimonyId = await journey.createTestimony(client);
  const body = { cancellationReason: "sold" };
  await journey.must(204, "POST", `/testimonies/${testimonyId}/cancel`, { token: client.token, body });
  return testimonyId;
}

export async function nowMs(): Promise<number> {
  return (await journey.control("GET", "clock")).body.nowSeconds * 1000;
}

/** Moves the clock to a moment, and a second beyond. */
export async function advanceTo(ms: number): Promise<void> {
  await journey.advance(Math.max(Math.ceil((ms - (await nowMs())) / 1000) + 1, 0));
}

/** Waits for work that runs by itself. */
export function until<T>(look: () => Promise<T>): Promise<T> {
  return vi.waitFor(look, { timeout: 90_000, interval: 30 });
}
