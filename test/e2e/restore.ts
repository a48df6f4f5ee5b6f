/**
 * `npm run restore:drill`: fills a sandbox of its own, lives an hour of its clock, puts the database back to before that,
 * searches the lost time, and proves the books. Prints what converged, what was returned, what is lost and how long it took.
 * `--seed=1 --seeds=20`. Exit code 1 when something did not converge, 3 when transfers between wallets are lost, and only they.
 */
import { parseArgs } from "node:util";
import { Journey } from "../journey.ts";
import { chance } from "./kill/chance.ts";
import { putBack, takeSnapshot } from "./restore/database.ts";
import { judge } from "./restore/judge.ts";
import { live } from "./restore/live.ts";
import { fill } from "./restore/world.ts";
import { type SandboxServer, startServer } from "./server.ts";

const { values } = parseArgs({
  options: { seed: { type: "string", default: "1" }, seeds: { type: "string", default: "1" } },
});
const first = Number(values.seed);
const seeds = Array.from({ length: Number(values.seeds) }, (_, index) => first + index);

const server = await startServer();
const lost: string[] = [];
let failed = false;
for (const seed of seeds) {
  try {
    lost.push(...(await drill(server, seed)));
  } catch (error) {
    failed = true;
    console.error(`seed ${seed} FAILED: ${error instanceof Error ? error.message : error}`);
    break;
  }
}
if (failed) {
  console.log(`The data stays in ${server.stateDir}`);
  await server.stop();
} else {
  await server.remove();
  console.log(`\n${seeds.length} drills: everything at Stripe is in the books, and nothing was made twice.`);
  console.log(`${lost.length} transfers between wallets are lost.`);
}
process.exitCode = failed ? 1 : lost.length > 0 ? 3 : 0;

/** Runs one seed. Returns the transfers that were acknowledged and are lost. */
async function drill(server: SandboxServer, seed: number): Promise<string[]> {
  const journey = new Journey((request) => fetch(request), server.url);
  await journey.reset();
  const world = await fill(journey);
  const restoredToMs = await clockMs(journey);
  takeSnapshot(server.stateDir);
  await journey.advance(2);
  const lived = await live(world, chance(seed));
  await journey.advance(5);
  const markedAtMs = await clockMs(journey);

  await server.stop();
  putBack(server.stateDir, restoredToMs, markedAtMs);
  const sinceMs = Date.now();
  await server.restart();
  const refused = await journey.startCheckout(world.onTable[0] ?? world.accepted[0] ?? never());
  if (refused.status !== 503) throw new Error(`a change during the recovery: ${refused.status}`);
  const found = await recover(journey);
  await journey.must(204, "POST", "/admin/restore/end", { token: "admin_sandbox" });
  const tookMs = Date.now() - sinceMs;
  for (const seconds of [60, 300, 300]) await journey.advance(seconds);
  await judge(world, lived);

  const minutes = ((markedAtMs - restoredToMs) / 60_000).toFixed(0);
  const seconds = (tookMs / 1000).toFixed(1);
  console.log(`seed ${seed}: ${lived.told.length} kinds of things in ${minutes} minutes, found in ${seconds} s`);
  for (const [outcome, of] of Map.groupBy(found, (one) => one.outcome)) {
    console.log(`  ${outcome}: ${outcome === "known" ? of.length : of.map(({ id }) => id).join(", ")}`);
  }
  for (const reference of lived.transfers) console.log(`  lost: the transfer ${reference}`);
  return lived.transfers;
}

/** Searches the whole lost time. */
async function recover(journey: Journey): Promise<{ id: string; outcome: string }[]> {
  const found: { id: string; outcome: string }[] = [];
  for (let place: unknown; place !== null; ) {
    const body = place === undefined ? {} : { place };
    const { data } = (await journey.must(200, "POST", "/admin/restore/recover", { token: "admin_sandbox", body })).body;
    found.push(...data.found);
    place = data.next;
  }
  return found;
}

async function clockMs(journey: Journey): Promise<number> {
  return (await journey.control("GET", "clock")).body.nowSeconds * 1000;
}

function never(): never {
  throw new Error("the fill is too small");
}
