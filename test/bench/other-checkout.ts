import { startServer } from "../e2e/server.ts";
import { Journey } from "../journey.ts";
import { compare } from "./compare.ts";
import { deliveriesPerSecond } from "./deliveries.ts";
import { cease } from "./load.ts";
import { printComparison } from "./print-comparison.ts";
import { operations, oursAt } from "./sides.ts";

/** Prints how fast this checkout's sandbox is beside the one of another checkout, in the same run. */
export async function printBesideOther(folder: string, quick: boolean): Promise<void> {
  const [otherServer, server] = [await startServer({ cwd: folder }), await startServer()];
  const [other, ours] = [await oursAt(otherServer.url), await oursAt(server.url)];
  console.log(`
This checkout beside the one in ${folder}, both as \`npm start\` serves them. Ratios are this / that, medians over
alternating rounds; in brackets the absolute medians (this / that) of this machine in this run.`);
  const measured = { side: ours, group: server.group };
  const baseline = { side: other, group: otherServer.group };
  for (const concurrency of quick ? [16] : [1, 16, 64]) {
    const round = { count: concurrency === 1 ? 20 : 64, concurrency, latencyMs: 0 };
    const comparison = await compare(operations, { measured, baseline }, round, quick ? 0 : 40);
    console.log(`\n${concurrency} at a time, Stripe answers at once: ${comparison.rounds} rounds of ${round.count}`);
    printComparison(operations, comparison);
  }
  cease();
  await Promise.all([server.remove(), otherServer.remove()]);
  await printDeliveriesOfBoth(folder, quick);
}

/** Prints deliveries a second without the sandbox's clock, which costs each of them a call. */
async function printDeliveriesOfBoth(folder: string, quick: boolean): Promise<void> {
  const command: [string, string] = [process.execPath, "test/bench/as-deployed/start.ts"];
  const [server, otherServer] = [await startServer({ command }), await startServer({ command, cwd: folder })];
  const [ours, other] = [journeyTo(server), journeyTo(otherServer)];
  console.log("\nDeliveries to a receiver that answers at once, without the sandbox's clock");
  for (const endpoints of quick ? [1] : [1, 8]) {
    const [after, before] = [
      await deliveriesPerSecond(ours, endpoints, quick),
      await deliveriesPerSecond(other, endpoints, quick),
    ];
    const label = `${endpoints} endpoint${endpoints === 1 ? "" : "s"}`;
    console.log(
      `${label.padEnd(18)}${(after / before).toFixed(2)}  (${after.toFixed(0)} / ${before.toFixed(0)} a second)`,
    );
  }
  await Promise.all([server.remove(), otherServer.remove()]);
}

function journeyTo({ url }: { url: string }): Journey {
  return new Journey((request) => fetch(request), url);
}
