/**
 * Tests power cuts, again and again: clients at work, SIGKILL to the whole process group at a random moment, a start on
 * the same storage, the sweep. Then nothing that was acknowledged is lost, nothing has happened twice, and everything
 * half-done is finished.
 *
 * `--rounds=25 --seed=1 --clients=6 --shoppers=5 --applications=4`, and `--hard` for an emulator as hard as the real
 * Stripe can be. GROUP_COMMIT=transfers or all sends every change of theirs into a group.
 */
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Journey } from "../journey.ts";
import { hardest, impose } from "../temper.ts";
import { liveAsApplication, openGuild, renewTokens } from "./kill/application.ts";
import { type Chance, chance } from "./kill/chance.ts";
import { type Load, liveAsClient, registerClient, registerExpert } from "./kill/client.ts";
import { evidence } from "./kill/evidence.ts";
import { judgePayments } from "./kill/payments-verdict.ts";
import { liveAsShopper, openShop } from "./kill/shopper.ts";
import { halfDone } from "./kill/stored.ts";
import { judgeTransfers, unsettledDays } from "./kill/transfers-verdict.ts";
import { judge } from "./kill/verdict.ts";
import { startServer } from "./server.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string" },
    seed: { type: "string" },
    clients: { type: "string" },
    shoppers: { type: "string" },
    applications: { type: "string" },
    hard: { type: "boolean" },
  },
});
const rounds = Number(values.rounds ?? 25);
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const clients = Number(values.clients ?? 6);
const shoppers = Number(values.shoppers ?? 5);
const applications = Number(values.applications ?? 4);

/** Longer than the lease of an abandoned idempotency key, and than the longest delay before a call is repeated. */
const stepsSeconds = [60, 300, 300];

const logFile = join(mkdtempSync(join(tmpdir(), "accord-kill-")), "evidence.jsonl");
const book = evidence(logFile);
const decide = chance(seed);
const startedMs = Date.now();
console.log(
  `seed ${seed}, ${rounds} rounds, ${clients} clients, ${shoppers} shoppers, ${applications} applications; evidence in ${logFile}`,
);

process.env.GROUP_COMMIT_CALM_MS = "0"; // no change goes past the queue
const server = await startServer();
const journey = new Journey((request) => fetch(request), server.url);
if (values.hard) await impose(journey, hardest);
let dying = false;
const load: Load = { origin: server.url, book, clients: [], experts: [], isDying: () => dying };
for (let index = 0; index < clients; index += 1) await registerClient(load);
const market = await openShop(load, journey, shoppers);
const guild = await openGuild(load, journey, applications);
for (const opensAccount of [true, true, true, false]) await registerExpert(load, opensAccount);

let failed = 0;
let cutOff = 0;
let halves = 0;
for (let round = 1; round <= rounds; round += 1) {
  const wrong = await playRound(round, decide);
  for (const line of wrong) console.log(`  ${line}`);
  if (wrong.length > 0) failed += 1;
  if (failed > 0) break; // later failures would be blamed on it
}
if (failed === 0) {
  const wrong = await settleTheDays(decide);
  for (const line of wrong) console.log(`  ${line}`);
  if (wrong.length > 0) failed += 1;
}
await guild.receiver.down();
const accepted = book.testimonies.flatMap(({ sessions }) => sessions).filter((session) => session.accepted).length;
const refunds = book.payments.flatMap((payment) => payment.refunds).length;
console.log(
  `${failed === 0 ? "ok" : `FAILED, seed ${seed}`}: ${book.testimonies.length} testimonies, ${accepted} acceptances, ` +
    `${book.payments.length} payments, ${refunds} refunds, ${book.transfers.length} transfers, ` +
    `${cutOff} requests cut off and repeated, ${halves} things half done and finished, ${((Date.now() - startedMs) / 1000).toFixed(0)} s`,
);
if (failed === 0) await server.remove();
else {
  console.log(`The data stays in ${server.stateDir}`);
  await server.stop();
}
process.exitCode = failed === 0 ? 0 : 1;

async function playRound(round: number, chances: Chance): Promise<string[]> {
  const { testimonies, people, payments, transfers } = book;
  const known = [testimonies.length, people.length, payments.length, transfers.length] as const;
  // Stripe does its work at once and answers late: a kill in between matters most.
  await journey.control("POST", "latency", { milliseconds: chances.pick([0, 100, 300]) });
  const chanceOf = (index: number) => chance(seed + round * 1000 + index);
  const lives = [
    ...Array.from({ length: clients }, (_, index) => liveAsClient(load, chanceOf(index))),
    ...Array.from({ length: shoppers }, (_, index) => liveAsShopper(market, chanceOf(clients + index))),
    ...Array.from({ length: applications }, (_, index) => liveAsApplication(guild, chanceOf(500 + index))),
  ];
  const before = book.lines();
  while (book.lines() === before) await pause(5); // a busy machine takes a while to warm up
  const lifeMs = chances.between(500, 2000);
  await pause(lifeMs);
  dying = true;
  await server.kill();
  await Promise.all(lives);

  const open = halfDone(server.stateDir);
  halves += open;
  const downMs = Date.now();
  await server.restart();
  const upMs = Date.now();
  const again = chances.often(0.3);
  if (again) await killWhileRecovering(chances.between(0, 400));
  dying = false;
  await journey.control("POST", "latency", { milliseconds: 0 });
  await journey.advance(stepsSeconds[0] ?? 0);
  await renewTokens(guild, journey);
  const unanswered = book.unanswered.splice(0);
  cutOff += unanswered.length;
  const refused = await repeat(unanswered);
  for (const testimony of book.testimonies) if (testimony.story === "taken") testimony.story = "waiting";
  for (const seconds of stepsSeconds) await journey.advance(seconds);
  const fresh = {
    testimonies: testimonies.slice(known[0]),
    people: people.slice(known[1]),
    payments: payments.slice(known[2]),
    transfers: transfers.slice(known[3]),
  };
  const wrong = [
    ...refused,
    ...(await judge(journey, book, server.stateDir, fresh)),
    ...(await judgePayments(journey, market, server.stateDir, fresh.payments)),
    ...(await judgeTransfers(journey, guild, server.stateDir, fresh.transfers)),
  ];
  console.log(
    `round ${round}: killed after ${lifeMs.toFixed(0)} ms${again ? " and in its recovery" : ""}, up again in ${upMs - downMs} ms; ` +
      `${fresh.testimonies.length} testimonies, ${fresh.payments.length} payments, ${fresh.transfers.length} transfers, ${unanswered.length} cut off, ${open} half done; judged in ${Date.now() - upMs} ms; ` +
      `${wrong.length === 0 ? "ok" : `${wrong.length} wrong`}`,
  );
  return wrong;
}

/** Kills once more while the sweep is at work. */
async function killWhileRecovering(lifeMs: number): Promise<void> {
  const sweeping = journey.advance(stepsSeconds[0] ?? 0).catch(() => undefined);
  await pause(lifeMs);
  await server.kill();
  await sweeping;
  await server.restart();
}

/** Kills once more while the days are counted. */
async function settleTheDays(chances: Chance): Promise<string[]> {
  const twoDays = 2 * 24 * 60 * 60;
  const counting = journey.advance(twoDays).catch(() => undefined);
  await pause(chances.between(0, 400));
  await server.kill();
  await counting;
  await server.restart();
  await journey.advance(twoDays); // the clock may not have been moved when the power went
  const ledger = await journey.ledgerCheck();
  return [
    ...unsettledDays(server.stateDir),
    ...(ledger.ok ? [] : [`ledger: ${JSON.stringify(ledger).slice(0, 1000)}`]),
  ];
}

/**
 * Repeats each unanswered request with the same key and body: work that was done has its first answer, and the rest is
 * done.
 */
async function repeat(unanswered: readonly { what: string; again: () => Promise<unknown> }[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const { what, again } of unanswered) {
    await again().catch((error: unknown) => wrong.push(`repeated: ${what}: ${error}`));
  }
  return wrong;
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
