/**
 * `npm run probe`: measures what the plan for growth rests on, in your Cloudflare account: what a change costs a D1
 * database, alone and sixteen in one batch, at 1 to 200 accepted transfers a second. It makes a database and a Worker
 * under a name of their own and deletes both. Takes some three minutes, needs the paid plan, whose Workers may make
 * more than 50 queries a request, and writes some 150,000 rows, which that plan includes. `-- --local` tries the
 * program on this machine.
 */
import { migrationStatements } from "../../src/cli/apply-migrations.ts";
import { CloudflareError } from "../../src/cli/deploy/cloudflare.ts";
import { Refused } from "../../src/cli/deploy/refused.ts";
import { median } from "./median.ts";
import { cloudflarePlace, localPlace, type Place } from "./probe/place.ts";
import type { Timed } from "./probe/worker.ts";

const isLocal = process.argv.includes("--local");
const seconds = isLocal ? 1 : 5;
const levels = [
  { members: 1, perSecond: isLocal ? [1, 20] : [1, 5, 20, 50, 100, 200] },
  { members: 16, perSecond: isLocal ? [16] : [16, 48, 96, 200] },
];

/** What one level showed. */
interface Measured {
  perSecond: number;
  done: Timed[];
  errors: string[];
  tookSeconds: number;
}

try {
  const place = await (isLocal ? localPlace() : cloudflarePlace());
  try {
    await probe(place);
  } finally {
    await place.remove();
    console.log("The Worker and the database are deleted.");
  }
} catch (error) {
  if (!(error instanceof Refused || error instanceof CloudflareError)) throw error;
  console.error(`Nothing was measured, because this needs a Cloudflare account.\n${error.message}`);
  process.exitCode = 1;
}

async function probe(place: Place): Promise<void> {
  const ask = async <T>(step: string, body: object): Promise<T> => {
    const headers = { Authorization: `Bearer ${place.token}` };
    const answer = await fetch(`${place.url}/${step}`, { method: "POST", headers, body: JSON.stringify(body) });
    const said = (await answer.json().catch(() => ({ error: `status ${answer.status}` }))) as T & { error?: string };
    if (!answer.ok) throw new Error(said.error);
    return said;
  };
  await untilReady(() => ask("migrate", { statements: ["select 1"] }));
  await ask("migrate", { statements: migrationStatements() });
  const [sender, receiver] = await ask<[object, object]>("open", {});

  const waiting = async (count: number): Promise<string[]> => {
    const references: string[] = [];
    while (references.length < count) {
      const terms = { sender, receiver, count: Math.min(16, count - references.length) };
      references.push(...(await ask<string[]>("initiate", terms)));
    }
    return references;
  };
  await ask("accept", { receiver, references: await waiting(1) }); // warms up
  const lone: { alone?: Measured; grouped?: Measured } = {};
  for (const { members, perSecond } of levels) {
    console.log(`\n${members === 1 ? "Each change by itself" : `${members} changes in one batch`}`);
    const heads = ["asked/s", "done/s", "batch p50 ms", "p99 ms", "D1's SQL ms", "rows", "failed"];
    console.log(heads.map((head) => head.padStart(14)).join(""));
    for (const rate of perSecond) {
      const measured = await atRate(rate, members, waiting, (references) => ask("accept", { receiver, references }));
      printLine(measured, members);
      lone[members === 1 ? "alone" : "grouped"] ??= measured;
    }
  }
  printMeaning(lone.alone, lone.grouped);
}

/** Sends accepts at a rate, whether or not the earlier ones have ended. */
async function atRate(
  perSecond: number,
  members: number,
  waiting: (count: number) => Promise<string[]>,
  accept: (references: string[]) => Promise<Timed>,
): Promise<Measured> {
  const batches = Math.max(1, Math.round((perSecond * seconds) / members));
  const references = await waiting(batches * members);
  const [done, errors]: [Timed[], string[]] = [[], []];
  const startMs = performance.now();
  const work = Array.from({ length: batches }, async (_, number) => {
    await new Promise((begin) => setTimeout(begin, (number * members * 1000) / perSecond));
    await accept(references.slice(number * members, (number + 1) * members)).then(
      (timed) => done.push(timed),
      (error: Error) => errors.push(error.message),
    );
  });
  await Promise.all(work);
  return { perSecond, done, errors, tookSeconds: (performance.now() - startMs) / 1000 };
}

function printLine({ perSecond, done, errors, tookSeconds }: Measured, members: number): void {
  const times = done.map(({ batchMs }) => batchMs).sort((a, b) => a - b);
  const cells = [
    perSecond,
    ((done.length * members) / tookSeconds).toFixed(1),
    median(times).toFixed(0),
    (times[Math.floor(times.length * 0.99)] ?? 0).toFixed(0),
    median(done.map(({ sqlMs }) => sqlMs)).toFixed(2),
    done[0]?.rowsWritten ?? 0,
    errors.length,
  ];
  console.log(cells.map((cell) => String(cell).padStart(14)).join(""));
  for (const words of new Set(errors)) console.log(`  failed: ${words}`);
}

/** Prints what follows for the plan. */
function printMeaning(alone: Measured | undefined, grouped: Measured | undefined): void {
  const batchMs = (measured: Measured | undefined) => median((measured?.done ?? []).map((timed) => timed.batchMs));
  const [one, sixteen] = [batchMs(alone), batchMs(grouped)];
  if (one === 0 || sixteen === 0) {
    console.log("\nToo fast for this clock, or nothing succeeded: nothing follows.");
    return;
  }
  console.log(`
A batch of one change takes ${one.toFixed(0)} ms, of sixteen ${sixteen.toFixed(0)} ms, while nothing else is asked. If the database does one at a time:
  each change by itself   ${(1000 / one).toFixed(0)} a second
  sixteen in a batch      ${(16_000 / sixteen).toFixed(0)} a second (${((16 * one) / sixteen).toFixed(1)} times)
The plan in src/guides/how-fast-how-far.md supposes 5 ms and 0.02 ms a statement more. Group commit pays if the second
line is twice the first. GROUP_COMMIT_CALM_MS should be some ${Math.max(10, Math.round((3 * one) / 5) * 5)}, three times the first batch.${isLocal ? "\nThis was this machine: it says nothing about Cloudflare." : ""}`);
}

/** A new address of workers.dev takes some seconds to answer. */
async function untilReady(ask: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return void (await ask());
    } catch (error) {
      if (tries === 30) throw error;
      await new Promise((done) => setTimeout(done, 1_000));
    }
  }
}
