import type { Journey } from "../journey.ts";
import { until } from "./narrate.ts";

/** What an application was told, as it arrived. */
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

  /** From now on signatures are checked with this secret. */
  async trust({ webhookSecret }: { webhookSecret: string }): Promise<void> {
    await this.journey.control("POST", "inbox", { box: this.box, secrets: [webhookSecret] });
  }

  /** What was told by a record, once it is there. */
  async told(recordId: string): Promise<Notice> {
    return until(`the webhook ${recordId}`, async () => {
      const { received } = (await this.journey.control("GET", `inbox?box=${this.box}`)).body;
      return received.find(({ headers }: Notice) => headers["x-idaas-delivery"] === recordId);
    });
  }
}

/** A notice as a line to read. */
export function noticeLine({ headers, verdict }: Notice): string {
  return `${headers["x-idaas-event"]?.padEnd(24)} ${headers["content-type"]?.padEnd(18)} ${verdict}`;
}
