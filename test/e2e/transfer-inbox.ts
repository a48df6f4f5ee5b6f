import type { Journey } from "../journey.ts";
import { until } from "./narrate.ts";

/** A received webhook of the transfers contract. */
export interface Notice {
  headers: Record<string, string>;
  body: string;
  verdict: string;
}

/** An inbox of the sandbox as an application's own address: it checks signatures with the application's secret. */
export class TransferInbox {
  readonly url: string;
  private readonly journey: Journey;
  private readonly box: string;

  constructor(journey: Journey, origin: string, box: string) {
    this.journey = journey;
    this.box = box;
    this.url = `${origin}/sandbox/inbox/${box}`;
  }

  /** Sets the secret with which signatures are checked. */
  async trust({ webhookSecret }: { webhookSecret: string }): Promise<void> {
    await this.journey.control("POST", "inbox", { box: this.box, secrets: [webhookSecret] });
  }

  /** Waits for the webhook of a record, and returns it. */
  async told(recordId: string): Promise<Notice> {
    return until(`the webhook ${recordId}`, async () => {
      const { received } = (await this.journey.control("GET", `inbox?box=${this.box}`)).body;
      return received.find(({ headers }: Notice) => headers["x-idaas-delivery"] === recordId);
    });
  }
}

/** Prints a notice as a line. */
export function noticeLine({ headers, verdict }: Notice): string {
  return `${headers["x-idaas-event"]?.padEnd(24)} ${headers["content-type"]?.padEnd(18)} ${verdict}`;
}
