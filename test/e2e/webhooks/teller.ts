import assert from "node:assert/strict";
import { Journey, type Person } from "../../journey.ts";

const operator = { token: "admin_sandbox" };

export interface Endpoint {
  id: string;
  secret: string;
}

/** Makes endpoints, and causes events. */
export class Teller {
  readonly journey: Journey;
  private client: Person | undefined;

  constructor(origin: string) {
    this.journey = new Journey((request) => fetch(request), origin);
  }

  async endpoint(url: string, events: string[] = ["*"]): Promise<Endpoint> {
    return (await this.journey.must(201, "POST", "/webhook-endpoints", { ...operator, body: { url, events } })).body
      .data;
  }

  async remove({ id }: Endpoint): Promise<void> {
    await this.journey.must(204, "DELETE", `/webhook-endpoints/${id}`, operator);
  }

  /** Returns the status with which an endpoint for this target is refused, or made. */
  async tryTarget(url: string): Promise<number> {
    const body = { url, events: ["*"] };
    return (await this.journey.call("POST", "/api/v1/webhook-endpoints", { ...operator, body })).status;
  }

  async deliveries({ id }: Endpoint, query = ""): Promise<{ id: string; state: string; attempts: number }[]> {
    return (await this.journey.must(200, "GET", `/webhook-endpoints/${id}/deliveries?limit=100${query}`, operator)).body
      .data;
  }

  /** Returns the attempts of an endpoint's oldest delivery on the first page. */
  async attemptsOfFirst(endpoint: Endpoint): Promise<{ outcome: string; durationMs: number }[]> {
    const first = (await this.deliveries(endpoint)).at(-1);
    assert.ok(first, "there is a delivery");
    return (await this.journey.must(200, "GET", `/webhook-deliveries/${first.id}`, operator)).body.data.log;
  }

  /** Causes one event: a client cancels. Returns the time of the request. */
  async cancelOne(): Promise<{ resource: string; askedAtMs: number }> {
    this.client ??= await this.journey.registerClient();
    const { token } = this.client;
    const resource = await this.journey.createTestimony(this.client);
    const askedAtMs = Date.now();
    await this.journey.must(204, "POST", `/testimonies/${resource}/cancel`, {
      token,
      body: { cancellationReason: "Sold." },
    });
    return { resource, askedAtMs };
  }

  /** Causes several events of one resource: accepted, paid out, completed. */
  async sellOne(expert: Person): Promise<void> {
    const session = await this.journey.paidOffer({ expert, onboarded: false });
    assert.equal((await this.journey.accept(session)).status, 204, "the offer is accepted");
    await this.journey.must(204, "POST", `/testimonies/${session.testimonyId}/complete`, { token: expert.token });
  }
}

/** Repeats work, several at a time, as long as `goesOn` is true. */
export async function sideBySide(width: number, goesOn: () => boolean, work: () => Promise<unknown>): Promise<void> {
  const lane = async () => {
    while (goesOn()) await work();
  };
  await Promise.all(Array.from({ length: width }, lane));
}

export function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

/** Waits until it is so. Throws the words for what was waited for if it does not come. */
export async function until(what: string, withinMs: number, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${withinMs / 1000} s`);
    await pause(50);
  }
}
