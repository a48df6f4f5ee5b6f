/**
 * `npm run demo`: runs the whole journey against the running sandbox (BASE_URL, default http://localhost:8787) and
 * explains it step by step. It adds to the existing data and can be run again. Exit code 1 as soon as anything is not
 * as it should be. `npm run demo -- --hard`: from then on the emulator is as hard as the real Stripe can be.
 */
import assert from "node:assert/strict";
import { amount } from "../../src/console/journeys/check.ts";
import { offers } from "../../src/console/journeys/offers.ts";
import { payments } from "../../src/console/journeys/payments.ts";
import { transfers } from "../../src/console/journeys/transfers.ts";
import { hardest, impose } from "../temper.ts";
import { bold, dim, green, Narrator, red, until } from "./narrate.ts";

const origin = (process.env.BASE_URL ?? "http://localhost:8787").replace(/\/+$/, "");
const isHard = process.argv.includes("--hard");
const narrator = new Narrator(origin);
const { journey } = narrator;

const unfit = await whyUnfit();
if (unfit !== undefined) {
  console.error(unfit);
  process.exit(1);
}
try {
  console.log(`${bold("Accord: an offer from registration to payout, a shop, and two applications")}, on ${origin}`);
  console.log(
    dim("→ is a request, ← its answer, both shortened. Nothing leaves this machine: Stripe is our emulator."),
  );
  if (isHard) await impose(journey, hardest);
  const { testimonyId } = await narrator.tell(offers);
  const { transactionId } = await narrator.tell(payments);
  await narrator.tell(transfers);
  const invariants = await proveTheBooks(testimonyId, transactionId);
  console.log(`
${green(bold("✓ The journey ended as it should."))}
${green("  One offer accepted, once. The expert was paid 149.50 €, the platform earned 31.40 €.")}
${green("  The payment that lost was refunded by itself.")}
${green("  A shopper paid a seller and got a part back; the platform kept its fee of what stayed.")}
${green("  Two applications paid each other by tag, in the open and encrypted; the day was settled.")}
${green("  The world was told of each step, signed.")}
${green(`  ${invariants} invariants hold, and every cent at Stripe is in the ledger.`)}

  Look around: ${origin}/`);
} catch (error) {
  console.error(`\n${red(bold("✗ Not as it should be."))} ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

/** Returns what is missing, in words for the person who can help; nothing has been changed by then. */
async function whyUnfit(): Promise<string | undefined> {
  const status = await fetch(`${origin}/api/v1/status`).catch(() => undefined);
  if (!status) {
    return `Nothing answers at ${origin}. Start the sandbox in another terminal (npm start), or set BASE_URL.`;
  }
  const events = await journey.call("GET", "/sandbox/control/events");
  if (events.status !== 200) return `${origin} is not a sandbox, and the demo pays with test cards only.`;
  const { faults } = (await journey.call("GET", "/sandbox/control/faults")).body;
  const planned = faults.filter(({ times }: { times: number }) => times > 0).length;
  if (events.body.mode === "deliver" && planned === 0) return undefined;
  return `This sandbox is set to make trouble (events: ${events.body.mode}, faults planned: ${planned}). To calm it:
  curl -X DELETE ${origin}/sandbox/control/faults
  curl ${origin}/sandbox/control/events -H "Content-Type: application/json" -d '{ "mode": "deliver" }'`;
}

/** Checks the ledger. Returns the number of invariants. */
async function proveTheBooks(testimonyId: string, transactionId: string): Promise<number> {
  narrator.chapter("The books");
  await narrator.step(
    "The operator reads the timeline of the first testimony",
    "Everything that happened, in order: who changed what, which calls went to Stripe, which events came from there, and every ledger line.",
    async () => {
      const { entries } = (await journey.operator("GET", `/testimonies/${testimonyId}/timeline`)).body.data;
      narrator.show(...entries.map(timelineLine));
      const of = (account: string) => sum(entries.filter((entry: Entry) => entry.account === account));
      assert.equal(of("commission"), -3_140, "the platform earned its commission");
      assert.equal(of("expert_payable"), 0, "nothing is owed to the expert");
      assert.equal(of("client_payable"), 0, "nothing is owed to the client");
    },
  );
  await narrator.step(
    "And the timeline of the shop's first payment",
    `25.00 was paid, 10.00 went back, and with it its part of our fee. The seller is owed 14.25; 0.75 is ours${isHard ? ", 0.68 € of it once Stripe has converted it" : ""}.`,
    async () => {
      const { entries } = (await journey.operator("GET", `/payments/${transactionId}/timeline`)).body.data;
      narrator.show(...entries.map(timelineLine));
      const of = (account: string) => sum(entries.filter((entry: Entry) => entry.account === account));
      assert.equal(of("seller_payable"), -1_425, "the seller is owed the rest");
      assert.equal(of("application_fees"), isHard ? -68 : -75, "the platform earned its part");
    },
  );
  await narrator.step(
    "The balance of every account",
    "Double entry: what is ours is positive, what we owe or earned is negative, and all of it together is zero. This is everything in this sandbox, earlier runs included.",
    async () => {
      const { data } = (await journey.operator("GET", "/ledger")).body;
      for (const { account, kind, currency, amountMinor } of data) {
        const sumOf = `${amount(amountMinor).padStart(12)} ${currency.toUpperCase()}`;
        narrator.show(`${account.padEnd(24)}${kind.padEnd(11)}${sumOf}`);
      }
      assert.equal(sum(data), 0, "the ledger sums to zero");
    },
  );
  const invariants = await narrator.step(
    "The ledger is checked",
    "Each invariant is a query for rows that must not exist. The same as npm run ledger:check.",
    async () => {
      const check = await journey.ledgerCheck();
      for (const { name, violations } of check.invariants.filter(({ ok }) => !ok)) {
        narrator.show(red(`${name}: ${JSON.stringify(violations)}`));
      }
      assert.ok(check.ok && check.invariants.length > 0, "every invariant holds");
      narrator.show(...inColumns(check.invariants.map(({ name }) => name)));
      return check.invariants.length;
    },
  );
  await narrator.step(
    "Stripe's books beside ours",
    "Stripe's balance, its fees and its payouts to the platform's bank included, equals what our ledger says that Stripe holds; what Stripe has billed or paid out in the last minutes is awaited. The sellers' accounts are compared, too, payment by payment. The same as npm run reconcile.",
    async () => {
      await journey.control("POST", "payouts", { schedule: "daily" });
      if (!isHard) await journey.control("POST", "payouts", { schedule: "manual" });
      const { currencies } = await until("the reconciliation without a remainder", async () => {
        const answer = (await journey.operator("GET", "/reconcile")).body;
        return answer.ok ? answer : undefined;
      });
      for (const one of currencies) {
        narrator.show(
          `Stripe ${amount(one.stripeBalanceMinor)}, ledger ${amount(one.ledgerBalanceMinor)} ${one.currency.toUpperCase()}, awaited ${amount(one.awaitedMinor)}, unexplained ${amount(one.unexplainedMinor)}`,
        );
      }
      const { accounts, ok } = (await journey.operator("GET", "/reconcile/accounts")).body;
      assert.ok(ok, "what sellers have at Stripe is what payments brought them");
      narrator.show(`sellers' accounts compared: ${accounts.length}, nothing unexplained`);
    },
  );
  return invariants;
}

interface Entry {
  at: string;
  kind: "change" | "posting" | "event" | "stripe_call" | "stripe_event";
  name: string;
  actor: string;
  account: string;
  currency: string;
  amountMinor: number;
  type: string;
  call: string;
  state: string;
  resultId: string | null;
}

function timelineLine(entry: Entry): string {
  const what = {
    change: ["change", `${entry.name} by ${entry.actor}`],
    posting: [
      "ledger",
      `${String(entry.account).padEnd(16)}${amount(entry.amountMinor ?? 0).padStart(9)} ${entry.currency?.toUpperCase()}`,
    ],
    event: ["announced", entry.type],
    stripe_call: ["to Stripe", `${entry.call}, ${entry.state}: ${entry.resultId?.slice(0, 14)}…`],
    stripe_event: ["from Stripe", `${entry.type}, ${entry.state}`],
  }[entry.kind];
  return `${entry.at.slice(11, 23)}  ${what[0]?.padEnd(12)} ${what[1]}`;
}

function sum(lines: readonly { amountMinor: number }[]): number {
  return lines.reduce((total, { amountMinor }) => total + amountMinor, 0);
}

function inColumns(names: readonly string[]): string[] {
  const half = Math.ceil(names.length / 2);
  return names.slice(0, half).map((name, row) => `${name.padEnd(44)}${names[half + row] ?? ""}`);
}
