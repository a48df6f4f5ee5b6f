import { env } from "cloudflare:workers";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import type { Person } from "../journey";
import { Fixtures } from "./fixtures";
import { found } from "./found";
import * as offers from "./invariants";
import * as late from "./late-invariants";
import { nothingRemembered, remember } from "./memory";
import * as payments from "./payments-invariants";
import * as people from "./people-invariants";
import { recordLog } from "./recorder";
import type { Memory } from "./remembered";
import { scripted } from "./scripted";
import { readRows, readStripe, takeSnapshot } from "./snapshot";
import { type History, histories, printed } from "./step";
import * as toldPeople from "./told-people-invariants";
import * as transfers from "./transfers-invariants";
import * as unseen from "./unseen-invariants";

declare module "vitest" {
  interface ProvidedContext {
    /** The number of histories: set by the long run (run.ts), a small share otherwise. */
    histories:
      | { count: number; steps: number; seed?: number; path?: string; shrink: boolean; keepsGoing: boolean }
      | undefined;
  }
}

const long = inject("histories");
const settings = {
  count: 3,
  steps: 14,
  seed: Date.now() % 2 ** 31,
  path: "",
  shrink: false,
  keepsGoing: false,
  ...long,
};
const perHistoryMs = 60_000;
/** The histories that run first, every time. */
const fixed = [...found, ...scripted];

const always = {
  ...offers.always,
  ...payments.always,
  ...transfers.always,
  ...late.always,
  ...unseen.always,
  ...toldPeople.always,
  ...people.always,
};
const healed = { ...always, ...offers.healed, ...payments.healed, ...transfers.healed };

const listening = recordLog();
/** How often each change was made, and each record reached its end: a history that reaches nothing proves nothing. */
const reached = new Map<string, number>();
let registrations: { clients: Person[]; experts: Person[] };
let registered: D1PreparedStatement[];

beforeAll(async () => {
  const { journey } = new Fixtures({ clients: [], experts: [] });
  registrations = {
    clients: [await journey.registerClient(), await journey.registerClient()],
    experts: [await journey.registerExpert(), await journey.registerExpert()],
  };
  for (const { token } of [...registrations.clients, ...registrations.experts]) listening.secrets.push(token);
  registered = await copyRows();
});

afterAll(() => listening.stop());

it("keeps every promise in any history", { timeout: (settings.count + fixed.length) * perHistoryMs }, async () => {
  listening.say(`seed ${settings.seed}`); // printed first, in case it never ends
  const started = Date.now();
  let told = 0;
  let taken = 0;
  let begun = 0;
  const failures: string[] = [];
  const property = fc.asyncProperty(histories(settings.steps), async (history) => {
    const at = begun++;
    try {
      taken += await live(history);
    } catch (error) {
      if (!settings.keepsGoing) throw error;
      failures.push([repeating(settings.seed, at), printed(history), String(error)].join("\n\n"));
    }
    told += 1;
  });
  const result = await fc.check(property, {
    seed: settings.seed,
    path: settings.path,
    numRuns: settings.path === "" ? settings.count + fixed.length : 1,
    examples: fixed.map((history) => [history]),
    endOnFailure: !settings.shrink,
  });
  if (long)
    listening.say(
      [...reached]
        .sort()
        .map(([name, times]) => `${name} ${times}`)
        .join(", "),
    );
  const seconds = (Date.now() - started) / 1000;
  listening.say(`${told} histories, ${taken} steps, ${(taken / seconds).toFixed(1)} steps/s, seed ${settings.seed}`);
  const [history] = result.counterexample ?? [];
  if (history) {
    const repeat = repeating(result.seed, result.counterexamplePath);
    failures.push([repeat, printed(history), String(result.errorInstance)].join("\n\n"));
  }
  if (failures.length > 0) expect.fail(failures.join("\n\n"));
});

/** Returns the command that repeats a history. */
function repeating(seed: number, path: number | string | null): string {
  return `HISTORY_SEED=${seed} HISTORY_PATH=${path} HISTORY_STEPS=${settings.steps} npm run test:histories`;
}

/** Runs a history and checks the invariants. Returns its number of steps. */
async function live({ setting, steps }: History): Promise<number> {
  const fixtures = new Fixtures(registrations);
  await fixtures.journey.reset();
  await env.DB.batch(registered);
  await fixtures.settle(setting);
  listening.secrets.push(...fixtures.market.secrets, ...fixtures.applications.secrets);
  let memory = nothingRemembered();
  for (const [at, step] of steps.entries()) {
    await fixtures.take(step);
    memory = await check(fixtures, always, memory, `after step ${at + 1} (${step.do})`);
  }
  await fixtures.heal();
  await check(fixtures, healed, memory, "after healing");
  const { journal, transferWebhooks } = await readRows();
  for (const name of [
    ...journal.map((one) => one.name),
    ...transferWebhooks.map(({ state }) => `told: ${state}`),
    ...[...fixtures.told.refused].map(() => "refused for a quota"),
  ]) {
    reached.set(name, (reached.get(name) ?? 0) + 1);
  }
  const { ok, unexplained } = await fixtures.journey.reconcile();
  const unheard = await feesUnheardOf();
  const left = unexplained.filter(({ reference }) => !unheard.has(reference));
  if (!ok && (left.length > 0 || unheard.size === 0)) {
    throw new Error(`does not reconcile: ${JSON.stringify(unexplained)}`);
  }
  return steps.length;
}

/**
 * Returns our fees, and their refunds, of charges on accounts that were gone before we learned of the payment: nobody
 * shows us any more what they belong to. Reconciliation lists them as unexplained, and a person must look.
 */
async function feesUnheardOf(): Promise<Set<string>> {
  const [rows, stripe] = [await readRows(), await readStripe()];
  const gone = new Set(rows.connectedAccounts.filter(({ state }) => state === "gone").map(({ stripeId }) => stripeId));
  const paid = new Set(rows.payments.filter(({ state }) => state === "succeeded").map(({ chargeId }) => chargeId));
  const fees = stripe.fees.filter(({ account, charge }) => gone.has(String(account)) && !paid.has(String(charge)));
  const unheard = new Set(fees.map(({ id }) => id));
  const refunds = stripe.feeRefunds.filter(({ fee }) => unheard.has(String(fee)));
  return new Set([...unheard, ...refunds.map(({ id }) => id)]);
}

/** Checks the invariants, and returns the memory for the next check. */
async function check(
  fixtures: Fixtures,
  invariants: Record<string, offers.Invariant>,
  memory: Memory,
  when: string,
): Promise<Memory> {
  const snapshot = await takeSnapshot(fixtures.told, memory, fixtures.wasSwept);
  const wrong = offers.violations(invariants, snapshot);
  const books = await fixtures.journey.ledgerCheck();
  const broken = books.invariants.filter((one) => !one.ok).map((one) => JSON.stringify(one));
  const all = [...wrong, ...broken, ...listening.heard()];
  if (all.length > 0) throw new Error(`${when}:\n${all.join("\n")}\n\nlogged:\n${listening.complaints().join("\n")}`);
  listening.complaints();
  return remember(snapshot);
}

/**
 * Returns the registered people as statements, which are run before each history because hashing their passwords is
 * slow.
 */
async function copyRows(): Promise<D1PreparedStatement[]> {
  const { results: tables } = await env.DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_cf_%' AND name <> 'd1_migrations'",
  ).all<{ name: string }>();
  const statements: D1PreparedStatement[] = [];
  for (const { name } of tables) {
    const { results } = await env.DB.prepare(`SELECT * FROM "${name}"`).all();
    for (const row of results) {
      const columns = Object.keys(row);
      const text = `INSERT INTO "${name}" (${columns.join()}) VALUES (${columns.map(() => "?").join()})`;
      statements.push(env.DB.prepare(text).bind(...Object.values(row)));
    }
  }
  return statements;
}
