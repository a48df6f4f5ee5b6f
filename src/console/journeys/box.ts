import { createOperator } from "#operator";
import { must } from "./check.ts";
import type { Teller } from "./journey.ts";

/** The owner of a webhook endpoint: the operator by a token, or a developer. */
type Owner = { token: string } | { developerToken: string };

/** A box of the sandbox's inbox, and the endpoint that sends all events of its owner there. */
export interface Box {
  name: string;
  owner: Owner;
  endpointId: string;
}

/** A message as it arrived, and whether its signature is right. */
interface Arrived {
  headers: Record<string, string>;
  body: string;
  verdict: string;
}

/** An event of Standard Webhooks as it arrived. */
export interface Arrival {
  type: string;
  resource: string;
  sequence: number;
  timestamp: string;
  verdict: string;
}

export function pageOf({ server }: Teller, box: string): string {
  return `${server.baseUrl}/sandbox/inbox/${box}`;
}

/** Opens an endpoint whose receiver is a box that checks signatures with the endpoint's secret. */
export async function openBox(teller: Teller, name: string, owner: Owner): Promise<Box> {
  const { data } = await createOperator({ ...teller.server, ...owner }).createWebhookEndpoint({
    body: { url: pageOf(teller, name), events: ["*"] },
  });
  await teller.control("POST", "inbox", { box: name, secrets: [data.secret] });
  return { name, owner, endpointId: data.id };
}

export async function closeBox({ server }: Teller, { owner, endpointId }: Box): Promise<void> {
  await createOperator({ ...server, ...owner }).deleteWebhookEndpoint({ path: { id: endpointId } });
}

/** Waits for at least so many events about a resource, shows them as they came, and returns them in their order. */
export async function hearOf(teller: Teller, box: string, resource: string, least: number): Promise<Arrival[]> {
  const arrivals = await teller.until(`${least} webhooks about ${resource}`, async () => {
    const received = await receivedIn(teller, box);
    const all = received.map(({ body, verdict }): Arrival => ({ ...JSON.parse(body), verdict }));
    const ours = all.filter((one) => one.resource === resource).reverse();
    return ours.length >= least ? ours : undefined;
  });
  teller.show(
    ...arrivals.map(
      ({ type, sequence, timestamp, verdict }) =>
        `${timestamp.slice(11, 23)}  ${type.padEnd(24)} number ${sequence}  ${verdict}`,
    ),
  );
  must(
    arrivals.every(({ verdict }) => verdict === "verified"),
    "every signature verifies",
  );
  teller.showPage(pageOf(teller, box));
  return arrivals.toSorted((a, b) => a.sequence - b.sequence);
}

/** Waits for the webhook of a transfer's record, and returns it. */
export async function hearFrom(teller: Teller, box: string, recordId: string): Promise<Arrived> {
  const arrived = await teller.until("the webhook", async () =>
    (await receivedIn(teller, box)).find(({ headers }) => headers["x-idaas-delivery"] === recordId),
  );
  const { headers, verdict } = arrived;
  teller.show(`${headers["x-idaas-event"]?.padEnd(24)} ${headers["content-type"]?.padEnd(18)} ${verdict}`);
  must(verdict === "verified", "its signature verifies");
  return arrived;
}

async function receivedIn(teller: Teller, box: string): Promise<Arrived[]> {
  return (await teller.control<{ received: Arrived[] }>("GET", `inbox?box=${box}`)).received;
}
