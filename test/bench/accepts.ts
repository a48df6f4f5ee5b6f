import { type SandboxServer, startServer } from "../e2e/server.ts";
import { Journey } from "../journey.ts";
import { TransfersJourney } from "../transfers-journey.ts";
import { runtimeCpuMs } from "./cpu.ts";
import { cease, fire, type Shot } from "./load.ts";
import { median } from "./median.ts";
import { type Peer, startPeer } from "./peer/start.ts";
import { acceptOf, initiateOf, type Party } from "./transfer-shots.ts";

/** One that accepts transfers. */
interface Contestant {
  name: string;
  server: Pick<SandboxServer, "url" | "group" | "remove">;
  /** Makes an application. */
  tenant: () => Promise<Party>;
}

interface Sample {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  cpuMs: number | undefined;
}

interface Level {
  connections: number;
  count: number;
}

interface Options {
  quick: boolean;
  /** Whether a plain service with PostgreSQL takes part. */
  withPeer: boolean;
  /** What a batch that writes takes on the slow database. */
  writeMs: number;
  /** The folder of another checkout that takes part, as the baseline. */
  beside?: string | undefined;
}

/** Prints how fast transfers are accepted, each change by itself and in groups, at 1, 16 and 64 connections. */
export async function printAccepts({ quick, withPeer, writeMs, beside }: Options): Promise<void> {
  const levels: Level[] = [
    { connections: 1, count: quick ? 4 : 40 },
    { connections: 16, count: quick ? 16 : 160 },
    { connections: 64, count: quick ? 64 : 384 },
  ];
  console.log(`
Group commit (GROUP_COMMIT=off and =transfers), Accord without the sandbox's clock and Miniflare's rate limiter, which a
deployment does not have. The contestants take turns, ${quick ? "one round" : "three rounds"}; the first of them is the baseline
of the ratios, which are medians over the rounds. Compare ratios: the rest is this machine in this run.`);
  const slow = `a D1 that takes ${writeMs} ms a write batch, 0.02 ms a statement more, 1 ms a read batch, one at a time`;
  for (const { database, args, peer } of [
    { database: "this machine's D1", args: [], peer: true },
    { database: slow, args: [`--write-ms=${writeMs}`], peer: false },
  ]) {
    const contestants = [
      ...(beside === undefined ? [] : [await accord("the other checkout", args, beside)]),
      await accord("GROUP_COMMIT=off", args),
      await accord("=transfers", [...args, "--group-commit=transfers"]),
      ...(peer && withPeer ? [plain(await startPeer())] : []),
    ];
    try {
      console.log(`\nAccepting transfers, on ${database}`);
      for (const level of levels) printLevel(level, contestants, await measure(contestants, level, quick ? 1 : 3));
    } finally {
      cease();
      await Promise.all(contestants.map(({ server }) => server.remove()));
    }
  }
}

async function accord(name: string, args: readonly string[], cwd?: string): Promise<Contestant> {
  const command: [string, ...string[]] = [process.execPath, "test/bench/as-deployed/start.ts", ...args];
  const server = await startServer({ command, ...(cwd !== undefined && { cwd }) });
  const walk = new TransfersJourney(new Journey((request) => fetch(request), server.url));
  return { name, server, tenant: () => walk.tenant() };
}

function plain(peer: Peer): Contestant {
  return {
    name: "Fastify + PostgreSQL",
    server: peer,
    async tenant() {
      const answer = await fetch(`${peer.url}/api/v1/applications`, { method: "POST" });
      const { id, token } = (await answer.json()) as { id: string; token: string };
      return { tag: id, token };
    },
  };
}

/** Makes transfers around a ring of new applications, so that none initiates too many, and the requests that accept them. */
async function prepare({ server: { url }, tenant }: Contestant, count: number): Promise<Shot[]> {
  const ring = await Promise.all(Array.from({ length: Math.max(2, Math.min(16, count)) }, tenant));
  const at = (place: number) => ring[place % ring.length] as Party;
  const places = [...Array(count).keys()];
  const { bodies } = await fire(
    places.map((place) => initiateOf(url, at(place), at(place + 1))),
    16,
  );
  return bodies.map((body, place) => acceptOf(url, at(place + 1), body));
}

/** Lets the contestants take turns, each round in the other order. One round warms up. */
async function measure(contestants: readonly Contestant[], level: Level, rounds: number): Promise<Sample[][]> {
  const samples: Sample[][] = contestants.map(() => []);
  for (let round = -1; round < rounds; round += 1) {
    const order = [...contestants.entries()];
    if (round % 2 === 0) order.reverse();
    for (const [index, contestant] of order) {
      const sample = await once(contestant, { ...level, count: round < 0 ? level.connections : level.count });
      if (round >= 0) samples[index]?.push(sample);
    }
  }
  return samples;
}

async function once(contestant: Contestant, { connections, count }: Level): Promise<Sample> {
  const shots = await prepare(contestant, count);
  const { group } = contestant.server;
  const beforeMs = runtimeCpuMs(group()) ?? 0;
  const { perSecond, p50Ms, p99Ms } = await fire(shots, connections);
  const cpuMs = ((runtimeCpuMs(group()) ?? 0) - beforeMs) / count;
  return { perSecond, p50Ms, p99Ms, cpuMs: cpuMs > 0 ? cpuMs : undefined };
}

function printLevel({ connections }: Level, contestants: readonly Contestant[], samples: Sample[][]): void {
  const heads = ["accepts/s", "ratio", "p50 ms", "p99 ms", "CPU ms"];
  const label = `  ${connections} ${connections === 1 ? "connection" : "connections"}`;
  console.log(`${label.padEnd(26)}${heads.map((head) => head.padStart(11)).join("")}`);
  for (const [index, { name }] of contestants.entries()) {
    const own = samples[index] ?? [];
    const ratios = own.map(({ perSecond }, round) => perSecond / (samples[0]?.[round]?.perSecond ?? 1));
    const middle = (figure: keyof Sample) => {
      const values = own.flatMap((sample) => sample[figure] ?? []);
      return values.length === 0 ? "" : median(values).toFixed(1);
    };
    const cells = [middle("perSecond"), median(ratios).toFixed(2), middle("p50Ms"), middle("p99Ms"), middle("cpuMs")];
    console.log(`    ${name.padEnd(22)}${cells.map((cell) => cell.padStart(11)).join("")}`);
  }
}
