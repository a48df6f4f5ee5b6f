import type { Journey } from "../journey.ts";
import { until } from "./narrate.ts";

/** A received webhook. */
export interface Arrival {
  type: string;
  resource: string;
  sequence: number;
  timestamp: string;
  verdict: string;
}

/** The owner of an endpoint: the operator by a bearer token, a developer by the identity headers. */
type Owner = { token: string } | { headers: Record<string, string> };

/** An inbox of the sandbox, with a webhook endpoint that sends all events of its owner there. */
export class Inbox {
  readonly page: string;
  private readonly journey: Journey;
  private readonly owner: Owner;
  private readonly box: string;
  private endpointId = "";

  constructor(journey: Journey, origin: string, box: string, owner: Owner) {
    this.journey = journey;
    this.owner = owner;
    this.box = box;
    this.page = `${origin}/sandbox/inbox/${box}`;
  }

  async open(): Promise<void> {
    const body = { url: this.page, events: ["*"] };
    const { data } = (await this.journey.must(201, "POST", "/webhook-endpoints", { ...this.owner, body })).body;
    this.endpointId = data.id;
    await this.journey.control("POST", "inbox", { box: this.box, secrets: [data.secret] });
  }

  /** Waits for at least so many events about a resource, and returns them, oldest first. */
  async told(resource: string, least: number): Promise<Arrival[]> {
    return until(`${least} webhooks about ${resource}`, async () => {
      const { received } = (await this.journey.control("GET", `inbox?box=${this.box}`)).body;
      const arrivals = received.map(
        ({ body, verdict }: { body: string; verdict: string }): Arrival => ({ ...JSON.parse(body), verdict }),
      );
      const ours = arrivals.filter((one: Arrival) => one.resource === resource).reverse();
      return ours.length >= least ? ours : undefined;
    });
  }

  async close(): Promise<void> {
    await this.journey.must(204, "DELETE", `/webhook-endpoints/${this.endpointId}`, this.owner);
  }
}
