/**
 * `npm run bench`: compares Accord's cost with the least possible cost. Speed is printed as ratios to a bare Worker
 * that is measured in the same run; nothing here passes or fails. `-- --quick` shows that it runs. `-- --growth` prints
 * only the part about many transfers, `-- --screens` what the console's screens cost among them, and `-- --accepts` the
 * part about group commit; with `-- --peer` a plain service with PostgreSQL takes part in that, where PostgreSQL is
 * installed, and with `-- --write-ms=25` its slow database is slower. `-- --beside=../before` prints how much faster this
 * checkout is than the one in that folder, which needs its packages and a `test/bench/as-deployed`. Takes a quarter of an
 * hour, and three gigabytes of the temporary folder.
 */
import { startServer } from "../e2e/server.ts";
import type { Costed, LogLine } from "../every-operation/meter.ts";
import { everyOperation } from "../every-operation.ts";
import { printAccepts } from "./accepts.ts";
import { compare } from "./compare.ts";
import type { Contestant } from "./contestant.ts";
import { printDeliveries } from "./deliveries.ts";
import { dollarsPerMillion, objectSecondsOf, roundTripSeconds, stripeCallSeconds } from "./dollars.ts";
import { printGrownScreens, printGrowth } from "./growth.ts";
import { cease } from "./load.ts";
import { printBesideOther } from "./other-checkout.ts";
import { printComparison } from "./print-comparison.ts";
import { floorAt, type Operation, operations, oursAt } from "./sides.ts";
import { bundle, startUpMs } from "./weigh.ts";

const quick = process.argv.includes("--quick");
const startedMs = performance.now();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(130)); // and the servers with us

const bundleLimitBytes = 250_000;

/**
 * CPU times that cannot be measured for a single operation: JSON, SQL text and printing; five PBKDF2 runs of 100,000
 * rounds.
 */
const assumedCpuMs = { ordinary: 5, password: 150 };
const hashesPassword = /^(register-|log-in)/;

const levels = quick
  ? [
      { count: 4, concurrency: 1, latencyMs: 0, seconds: 0 },
      { count: 16, concurrency: 16, latencyMs: 100, seconds: 0 },
    ]
  : [
      { count: 20, concurrency: 1, latencyMs: 0, seconds: 20 },
      { count: 64, concurrency: 16, latencyMs: 0, seconds: 30 },
      { count: 8, concurrency: 1, latencyMs: 100, seconds: 10 },
      { count: 64, concurrency: 16, latencyMs: 100, seconds: 20 },
    ];

const beside = process.argv.find((one) => one.startsWith("--beside="))?.slice("--beside=".length);
const accepts = {
  beside,
  quick,
  withPeer: process.argv.includes("--peer"),
  writeMs: Number(/ --write-ms=(\d+)/.exec(process.argv.join(" "))?.[1] ?? 5),
};
if (process.argv.includes("--screens")) await printGrownScreens(quick);
else if (process.argv.includes("--growth")) await printGrowth(quick);
else if (process.argv.includes("--accepts")) await printAccepts(accepts);
else if (beside !== undefined) {
  await printBesideOther(beside, quick);
  await printAccepts(accepts);
} else {
  await printBesideFloor();
  await printAccepts(accepts);
  await printGrowth(quick);
  await printWeight();
}
console.log(`\nTook ${((performance.now() - startedMs) / 1000).toFixed(0)} s.`);

/** Prints speed beside the floor, the cost of each operation, and deliveries. */
async function printBesideFloor(): Promise<void> {
  const floorServer = await startServer({ command: [process.execPath, "test/bench/floor/start.ts"] });
  const server = await startServer();
  const side = await oursAt(server.url);
  const ours: Contestant<Operation> = { side, group: server.group };
  const floor: Contestant<Operation> = { side: floorAt(floorServer.url), group: floorServer.group };

  console.log(`
Accord beside a floor: a bare Worker that does only the D1 batches, the hop and the fetch that cannot be avoided.
Ratios are ours / floor, medians over alternating rounds. In brackets the absolute medians (ours / floor) of
this machine in this run: do not compare them with anything else.

Ours includes what production does not: the sandbox reads its movable clock through one more object call per invocation
(two where there is a hop), and its Stripe is an emulator that decides and stores in an object of its own, where the
floor's answers at once. Behind accept, ours also pays the expert.
Transfers ask nothing of Stripe, and here nobody wants to be told of them.
"nothing" is a route that touches no data: what routing, wiring, headers, log line and that clock take.
"read a testimony" is two round trips of ours, one of the floor; both sides of the others make equally many.`);

  for (const { seconds, ...round } of levels) {
    const comparison = await compare(operations, { measured: ours, baseline: floor }, round, seconds);
    const stripe = round.latencyMs === 0 ? "Stripe answers at once" : `Stripe answers after ${round.latencyMs} ms`;
    console.log(`\nConcurrency ${round.concurrency}, ${stripe}: ${comparison.rounds} rounds of ${round.count}`);
    printComparison(operations, comparison);
  }
  cease();

  await side.journey.control("POST", "latency", { milliseconds: 0 });
  await side.journey.reset();
  printCosts(await everyOperation(side.journey, () => linesOf(server.output())));
  await printDeliveries(side.journey, () => linesOf(server.output()), quick);
  await Promise.all([server.remove(), floorServer.remove()]);
}

function printCosts(costs: readonly Costed[]): void {
  console.log(`
Cost of each operation. Counted in this run: round trips, rows, hops, calls, queue operations (the header Accord-Cost).
Dollars per million, before allowances: 0.30 requests + 0.02 CPU ms + 0.001 rows read + 1.00 rows written
+ 0.15 object calls + 1.60 object seconds + 0.40 queue operations + 0.60 log events.
Assumed: ${assumedCpuMs.ordinary} ms CPU, ${assumedCpuMs.password} ms with a password to hash; one request and one log event each; three queue operations a
message; an object held for ${roundTripSeconds * 1000} ms a round trip and ${stripeCallSeconds * 1000} ms a call at Stripe. Stripe's own fees are not in it.
`);
  const heads = ["d1", "read", "written", "hops", "stripe", "queue", "$ / million"];
  console.log(`${"".padEnd(44)}${heads.map((head) => head.padStart(8)).join("")}`);
  for (const { operation, cost } of costs) {
    const cpuMs = hashesPassword.test(operation) ? assumedCpuMs.password : assumedCpuMs.ordinary;
    const dollars = dollarsPerMillion(cost, { cpuMs, objectSeconds: objectSecondsOf(cost) });
    const counts = [
      cost.roundTrips,
      cost.rowsRead,
      cost.rowsWritten,
      cost.hops,
      cost.stripeCalls,
      cost.queueOperations,
      dollars.toFixed(2),
    ];
    console.log(operation.padEnd(44) + counts.map((count) => String(count).padStart(8)).join(""));
  }
}

async function printWeight(): Promise<void> {
  const [production, bare] = await Promise.all([bundle("src/index.ts"), bundle("test/bench/floor/worker.ts")]);
  const kilobytes = (production.gzippedBytes / 1000).toFixed(1);
  const share = Math.round((production.gzippedBytes / bundleLimitBytes) * 100);
  console.log(
    `\nProduction bundle: ${kilobytes} KB gzipped, ${share} % of the ${bundleLimitBytes / 1000} KB that it may have.`,
  );
  const [oursMs = 0, floorMs = 0] = await startUpMs([production, bare], quick ? 3 : 15);
  const absolute = `(${oursMs.toFixed(0)} / ${floorMs.toFixed(0)} ms, this machine, this run)`;
  console.log(
    `Start-up: a fresh isolate evaluates it in ${(oursMs / floorMs).toFixed(1)} times what the floor takes ${absolute}.`,
  );
}

function linesOf(output: string): LogLine[] {
  return output.split("\n").flatMap((line) => {
    try {
      return line.startsWith("{") ? [JSON.parse(line) as LogLine] : [];
    } catch {
      return []; // the last one, half printed
    }
  });
}
