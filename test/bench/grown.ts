import { dayOf } from "../../src/domain/transfers/day.ts";
import { costOf } from "../cost.ts";
import { type SandboxServer, startServer } from "../e2e/server.ts";
import { type Answer, Journey } from "../journey.ts";
import { type Tenant, TransfersJourney } from "../transfers-journey.ts";
import type { Contestant, Run } from "./contestant.ts";
import { type Filled, fill, filledDays } from "./fill.ts";
import type { Shot } from "./load.ts";
import { acceptOf, initiateOf, shotOf } from "./transfer-shots.ts";

/** The number of applications that share the transfers. The first has a part in four of five. */
export const applications = 6;

/** The requests of the first application, by their printed names. */
const paths = {
  "one transfer": ({ reference }: Past) => `/transactions/${reference}`,
  sent: () => "/transactions/sent",
  "sent, a page in the middle": ({ transfers }: Pick<Past, "transfers">) =>
    `/transactions/sent?page=${middlePage(0.4 * transfers)}`,
  received: () => "/transactions/received",
  pending: () => "/transactions/pending",
  "failed webhooks": () => "/webhooks/failed",
  ledger: () => "/wallet/ledger",
  "ledger, a page in the middle": ({ transfers }: Pick<Past, "transfers">) =>
    `/wallet/ledger?page=${middlePage(0.75 * transfers)}`,
  "ledger of yesterday": ({ atMs }: Past) => ledgerOfDay(atMs, 1),
  "ledger of a day in the middle": ({ atMs }: Past) => ledgerOfDay(atMs, filledDays / 2),
  "ledger of a reference": ({ reference }: Past) => `/wallet/ledger?reference=${reference}`,
  "ledger of debits": () => "/wallet/ledger?type=DEBIT",
};

type Read = keyof typeof paths;
export type Operation = "initiate" | "accept" | Read;

export const operations: readonly Operation[] = ["initiate", "accept", ...(Object.keys(paths) as Read[])];

/** The number of transfers of a sandbox, and one transfer in their middle. */
interface Past {
  transfers: number;
  atMs: number;
  reference: string;
}

/** A sandbox with a past. */
export interface Grown extends Contestant<Operation> {
  filled: Filled;
  server: SandboxServer;
  /** A transfer in the middle, and the application that has a part in most. */
  reference: string;
  applicationId: string;
  /** Counts the rows that an operation reads. */
  rowsRead: (operation: Operation) => Promise<number>;
  remove: () => Promise<void>;
}

/** Starts a sandbox with so many transfers, and one client at a time. Throws if its ledger is not right. */
export async function grow(transfers: number): Promise<Grown> {
  const server = await startServer();
  const journey = new Journey((request) => fetch(request), server.url);
  const walk = new TransfersJourney(journey);
  const tenants: Tenant[] = [];
  while (tenants.length < applications) tenants.push(await tenantWithWallet(walk));
  await server.stop();
  const atMs = Date.now();
  const filled = fill(server.stateDir, { applicationIds: tenants.map(({ id }) => id), transfers });
  await server.restart();
  const check = await journey.ledgerCheck();
  if (!check.ok) throw new Error(`what was filled does not add up: ${JSON.stringify(check)}`);

  const [first, ...others] = tenants as [Tenant, ...Tenant[]];
  const receiverOf = (index: number) => others[index % others.length] ?? first;
  const { content } = await walk.must(first, "GET", paths["ledger, a page in the middle"]({ transfers }));
  const past = { transfers, atMs, reference: content[0].transactionReference };
  return {
    side: {
      async prepare({ count }) {
        await journey.advance(61); // sixty a minute may be initiated; the clock is moved instead of waiting
        for (const tenant of tenants) tenant.token = await walk.token(tenant);
        return runOf(server.url, past, first, receiverOf, count);
      },
    },
    group: server.group,
    filled,
    server,
    reference: past.reference,
    applicationId: first.id,
    rowsRead: async (operation) => costOf(await askOnce(walk, past, first, receiverOf(0), operation)).rowsRead,
    remove: server.remove,
  };
}

async function tenantWithWallet(walk: TransfersJourney): Promise<Tenant> {
  const tenant = await walk.tenant();
  await walk.must(tenant, "POST", "/wallet");
  return tenant;
}

function runOf(
  url: string,
  past: Past,
  first: Tenant,
  receiverOf: (index: number) => Tenant,
  count: number,
): Run<Operation> {
  const repeat = (make: (index: number) => Shot) => Array.from({ length: count }, (_, index) => make(index));
  let accepts: Shot[] = [];
  return {
    shots(operation) {
      if (operation === "initiate") return repeat((index) => initiateOf(url, first, receiverOf(index)));
      if (operation === "accept") return accepts;
      return repeat(() => shotOf(url, first, "GET", paths[operation](past)));
    },
    async after(operation, bodies) {
      if (operation === "initiate") accepts = bodies.map((body, index) => acceptOf(url, receiverOf(index), body));
    },
  };
}

async function askOnce(
  walk: TransfersJourney,
  past: Past,
  first: Tenant,
  receiver: Tenant,
  operation: Operation,
): Promise<Answer> {
  const key = { "Idempotency-Key": crypto.randomUUID() };
  if (operation === "initiate") return walk.initiate(first, receiver, {}, key);
  if (operation === "accept") return walk.accept(receiver, await walk.initiated(first, receiver), key);
  return walk.ask(first, "GET", paths[operation](past));
}

/** Returns the middle page of twenty rows each. */
function middlePage(rows: number): number {
  return Math.floor(rows / 2 / 20);
}

function ledgerOfDay(atMs: number, daysAgo: number): string {
  const day = (ago: number) => dayOf(atMs - ago * 24 * 60 * 60 * 1000);
  return `/wallet/ledger?from=${day(daysAgo)}&to=${day(daysAgo - 1)}`;
}
