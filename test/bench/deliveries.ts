import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { type Cost, costOf } from "../cost.ts";
import type { LogLine } from "../every-operation/meter.ts";
import type { Answer, Journey } from "../journey.ts";
import { median } from "./median.ts";

/** A log line of a delivery, which names the endpoint. */
type DeliveryLine = LogLine & { endpointId?: string };

const operator = { token: "admin_sandbox" };

/** The number of simultaneous attempts for one endpoint (src/durable/dispatcher.ts); the bare loop has as many. */
const width = 4;

/**
 * Prints how fast outbound events are delivered to a receiver that answers at once, beside a bare Worker that only
 * fetches the same body, as often, as many at a time; and how many rows one delivered event costs. `logged` returns
 * what the Worker has logged so far.
 */
export async function printDeliveries(journey: Journey, logged: () => DeliveryLine[], quick: boolean): Promise<void> {
  const receiver = await listen();
  const bare = bareLoop();
  try {
    console.log(`
Deliveries to a receiver that answers at once: ours / a bare loop of fetch in a Worker of its own, ${width} at a time for each
endpoint. Ours reads rows, signs, sends and writes down each; in the sandbox it leaves through one more service binding.`);
    for (const endpoints of quick ? [1] : [1, 8]) {
      const rounds = await takeTurns(journey, receiver, bare, {
        endpoints,
        each: quick ? 20 : 60,
        rounds: quick ? 1 : 5,
      });
      const [ours, loop] = [median(rounds.map((one) => one.ours)), median(rounds.map((one) => one.loop))];
      const ratio = median(rounds.map((one) => one.ours / one.loop));
      const label = `${endpoints} endpoint${endpoints === 1 ? "" : "s"}`;
      console.log(`${label.padEnd(18)}${ratio.toFixed(3)}  (${ours.toFixed(0)} / ${loop.toFixed(0)} a second)`);
    }
    await printCost(journey, receiver, logged);
  } finally {
    await Promise.all([bare.dispose(), receiver.close()]);
  }
}

/** Returns how many events a second are delivered to so many endpoints at once: the median of the rounds. */
export async function deliveriesPerSecond(journey: Journey, endpoints: number, quick: boolean): Promise<number> {
  const [receiver, bare] = [await listen(), bareLoop()];
  try {
    const terms = { endpoints, each: quick ? 20 : 60, rounds: quick ? 1 : 7 };
    return median((await takeTurns(journey, receiver, bare, terms)).map(({ ours }) => ours));
  } finally {
    await Promise.all([bare.dispose(), receiver.close()]);
  }
}

/** Runs rounds of both in turn, so that a busy machine is busy for both. Returns deliveries a second. */
async function takeTurns(
  journey: Journey,
  receiver: Receiver,
  bare: Miniflare,
  { endpoints, each, rounds }: { endpoints: number; each: number; rounds: number },
): Promise<{ ours: number; loop: number }[]> {
  const ids: string[] = [];
  for (let index = 0; index < endpoints; index += 1) ids.push(await makeEndpoint(journey, receiver.url));
  const count = endpoints * each;
  // Test events that were refused wait until somebody recovers them: then all start at once.
  receiver.refuses = true;
  for (let made = 0; made < each; made += 1) {
    await Promise.all(ids.map((id) => journey.must(202, "POST", `/webhook-endpoints/${id}/test`, operator)));
  }
  await receiver.hears(count);
  await allFailed(journey, ids, each);
  const body = receiver.lastBody;
  const taken: { ours: number; loop: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    taken.push({
      ours: await perSecond(count, receiver, () => recoverAll(journey, receiver, ids)),
      loop: await perSecond(count, receiver, () => {
        receiver.refuses = false;
        const query = new URLSearchParams({
          url: receiver.url,
          count: String(count),
          width: String(width * endpoints),
        });
        return bare.dispatchFetch(`http://localhost/?${query}`, { method: "POST", body });
      }),
    });
    if (round < rounds - 1) await failAgain(journey, receiver, ids, count);
  }
  for (const id of ids) await journey.must(204, "DELETE", `/webhook-endpoints/${id}`, operator);
  return taken;
}

async function perSecond(count: number, receiver: Receiver, start: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  const heard = receiver.hears(count);
  const [, endedMs] = await Promise.all([start(), heard]);
  return (count * 1000) / (endedMs - startedMs);
}

function recoverAll(journey: Journey, receiver: Receiver, ids: readonly string[]): Promise<unknown> {
  receiver.refuses = false;
  const body = { since: "2020-01-01T00:00:00Z" };
  return Promise.all(
    ids.map((id) => journey.must(202, "POST", `/webhook-endpoints/${id}/recover`, { ...operator, body })),
  );
}

/** Makes the same number of deliveries fail again for the next round, because delivered ones cannot be recovered. */
async function failAgain(journey: Journey, receiver: Receiver, ids: readonly string[], count: number): Promise<void> {
  receiver.refuses = true;
  const heard = receiver.hears(count);
  for (let made = 0; made < count / ids.length; made += 1) {
    await Promise.all(ids.map((id) => journey.must(202, "POST", `/webhook-endpoints/${id}/test`, operator)));
  }
  await heard;
  await allFailed(journey, ids, count / ids.length);
}

/** Waits until every refusal is written down, because only then it can be recovered. */
async function allFailed(journey: Journey, ids: readonly string[], each: number): Promise<void> {
  for (const id of ids) {
    const path = `/webhook-endpoints/${id}/deliveries?state=failed&limit=${each}`;
    while ((await journey.must(200, "GET", path, operator)).body.data.length < each) await pause(20);
  }
}

/** Prints the rows that one event costs for one endpoint: in its change, in its delivery, and in its purge. */
async function printCost(journey: Journey, receiver: Receiver, logged: () => DeliveryLine[]): Promise<void> {
  const client = await journey.registerClient();
  const cancel = async (): Promise<Answer> => {
    const testimonyId = await journey.createTestimony(client);
    const body = {};
    return journey.must(204, "POST", `/testimonies/${testimonyId}/cancel`, { token: client.token, body });
  };
  let id = "";
  const deliveries = () =>
    logged().flatMap(({ event, endpointId, cost }) =>
      event === "delivery" && endpointId === id && cost ? [cost] : [],
    );
  const next = async (cause: () => Promise<unknown>): Promise<Cost> => {
    const before = deliveries().length;
    await cause();
    for (let tries = 0; tries < 500 && deliveries().length === before; tries += 1) await pause(20);
    const cost = deliveries()[before];
    if (!cost) throw new Error("no delivery was logged");
    return cost;
  };

  receiver.refuses = false;
  const untold = costOf(await cancel());
  id = await makeEndpoint(journey, receiver.url);
  let told = untold;
  const delivered = await next(async () => {
    told = costOf(await cancel());
  });
  const purged = await next(() => journey.advance(31 * 24 * 60 * 60));
  console.log("\nRows of one delivered event, counted:      read  written  queue");
  const line = (what: string, { rowsRead, rowsWritten, queueOperations }: Cost) =>
    console.log(
      `${what.padEnd(40)}${String(rowsRead).padStart(8)}${String(rowsWritten).padStart(9)}${String(queueOperations).padStart(7)}`,
    );
  const fanOut = {
    ...told,
    rowsRead: told.rowsRead - untold.rowsRead,
    rowsWritten: told.rowsWritten - untold.rowsWritten,
    queueOperations: told.queueOperations - untold.queueOperations,
  };
  line("with the change that tells it", fanOut);
  line("its one attempt", delivered);
  line("forgotten thirty days later", purged);
}

async function makeEndpoint(journey: Journey, url: string): Promise<string> {
  const body = { url, events: ["*"] };
  return (await journey.must(201, "POST", "/webhook-endpoints", { ...operator, body })).body.data.id;
}

interface Receiver {
  url: string;
  /** Answers 500 instead of 204. */
  refuses: boolean;
  lastBody: string;
  /** Resolves, with the time, when so many requests have arrived since the call. */
  hears: (count: number) => Promise<number>;
  close: () => Promise<void>;
}

async function listen(): Promise<Receiver> {
  let waiting = { count: 0, done: (_atMs: number) => {} };
  let early = 0;
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      receiver.lastBody = body;
      response.writeHead(receiver.refuses ? 500 : 204).end();
      early += 1;
      if (waiting.count > 0 && early >= waiting.count) {
        early = 0;
        waiting.count = 0;
        waiting.done(performance.now());
      }
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    refuses: false,
    lastBody: "",
    hears: (count) =>
      new Promise((done) => {
        if (early >= count) {
          early = 0;
          done(performance.now());
        } else waiting = { count, done };
      }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return receiver;
}

/** Makes a Worker that only fetches, so many at a time. */
function bareLoop(): Miniflare {
  return new Miniflare(
    convertV4MiniflareOptions({
      modules: true,
      compatibilityDate: "2026-11-01",
      script: `export default {
        async fetch(request) {
          const { searchParams } = new URL(request.url);
          const [url, width] = [searchParams.get("url"), Number(searchParams.get("width"))];
          const body = await request.text();
          let left = Number(searchParams.get("count"));
          const lane = async () => {
            while (left-- > 0) await (await fetch(url, { method: "POST", body })).text();
          };
          await Promise.all(Array.from({ length: width }, lane));
          return new Response("done");
        },
      };`,
    }),
  );
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
