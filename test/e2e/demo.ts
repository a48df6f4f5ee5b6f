/**
 * `npm run demo`: runs the whole journey against the running sandbox (BASE_URL, default http://localhost:8787) and
 * explains it step by step. It adds to the existing data and can be run again. Exit code 1 as soon as anything is not
 * as it should be. `npm run demo -- --hard`: from then on the emulator is as hard as the real Stripe can be.
 */
import assert from "node:assert/strict";
import { cards, type OfferOnTable, type PaidSession } from "../journey.ts";
import { hardest, impose } from "../temper.ts";
import { sellInAShop } from "./demo-payments.ts";
import { transferBetweenApplications } from "./demo-transfers.ts";
import { arrivalLine, Inbox } from "./inbox.ts";
import { alertOf, amount, bold, dim, green, Narrator, red, until } from "./narrate.ts";

const origin = (process.env.BASE_URL ?? "http://localhost:8787").replace(/\/+$/, "");
const isHard = process.argv.includes("--hard");
const narrator = new Narrator(origin);
const { journey } = narrator;

const inbox = new Inbox(journey, origin, `demo-${Date.now()}`, { token: "admin_sandbox" });

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
  await listen();
  const sold = await sellOneOffer();
  await readTheInbox(sold.testimonyId);
  await payTwice(sold.experts);
  const transactionId = await sellInAShop(narrator, origin);
  await transferBetweenApplications(narrator, origin);
  const invariants = await proveTheBooks(sold.testimonyId, transactionId);
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

async function listen(): Promise<void> {
  narrator.chapter("Somebody wants to know");
  await narrator.step(
    "The operator adds a webhook endpoint",
    "Everything that happens to offers from now on is posted there. The signing secret is shown once. The receiver is an inbox of the sandbox; your own server would do as well.",
    () => inbox.open(),
  );
}

async function readTheInbox(testimonyId: string): Promise<void> {
  await narrator.step(
    "The webhooks have arrived",
    "Each was written in the database batch of the change that it tells. The inbox verifies the signatures with the secret; sequence numbers tell a receiver the order, and that nothing is missing.",
    async () => {
      const arrivals = await inbox.told(testimonyId, 4);
      narrator.show(...arrivals.map(arrivalLine));
      assert.deepEqual(
        new Set(arrivals.map(({ type }) => type)),
        new Set(["offer.created", "offer.accepted", "payout.paid"]),
        "the two offers, the acceptance and the payout are told",
      );
      assert.ok(
        arrivals.every(({ verdict }) => verdict === "verified"),
        "every signature verifies",
      );
      narrator.show(`The page: ${inbox.page}`);
    },
  );
  await inbox.close();
}

async function sellOneOffer() {
  narrator.chapter("One offer, from registration to payout");

  const client = await narrator.step(
    "A client registers",
    "The answer is a token, shown once. From now on it says who is asking.",
    () => journey.registerClient(),
  );
  const experts = await narrator.step(
    "Two experts register",
    "Experts also say where they work: they see the requests of their regions.",
    async () => [await journey.registerExpert(["ba"]), await journey.registerExpert(["ba", "tt"])] as const,
  );
  const [petra, rival] = experts;
  await narrator.step(
    "The experts open their payout accounts",
    "Experts are paid through Stripe Connect. Each gets the address of an onboarding page, which a browser can open; here it is filled in for them.",
    async () => {
      for (const expert of experts) {
        await journey.onboard(expert);
        await until("the payout account being ready", async () => {
          const { data } = (await journey.must(200, "GET", "/me/payout-account", { token: expert.token })).body;
          return data.status === "ready" || undefined;
        });
      }
    },
  );
  const testimonyId = await narrator.step(
    "The client asks for an expert opinion on a house",
    "This request is called a testimony. It is pending until somebody makes an offer.",
    () => journey.createTestimony(client),
  );
  const offerId = await narrator.step(
    "Both experts make an offer",
    "The first offer makes the testimony offered. Offers compete: nothing is decided yet.",
    async () => {
      const first = await journey.createOffer(petra, testimonyId, 149.5);
      await journey.createOffer(rival, testimonyId, 180);
      return first;
    },
  );
  await narrator.step(
    "The client compares",
    "The commission is 21 % on top of the price, in whole cents, half a cent rounded up: 21 % of 149.50 is 31.395, so 31.40.",
    async () => {
      const { data } = (await journey.must(200, "GET", `/testimonies/${testimonyId}`, { token: client.token })).body;
      assert.equal(data.state, "offered", "two offers make the testimony offered");
      for (const offer of data.offers)
        narrator.show(`${offer.price.toFixed(2)} € and ${offer.commission.toFixed(2)} € commission`);
      const chosen = data.offers.find(({ id }: { id: string }) => id === offerId);
      assert.equal(chosen?.commission, 31.4, "the commission is rounded half up");
    },
  );

  const offer = { testimonyId, offerId, client, expert: petra } satisfies OfferOnTable;
  const session = await narrator.step(
    "The client checks out",
    "A row of ours comes first, then the session at Stripe: a crash in between loses nothing. The answer is the address of a hosted payment page.",
    async () => {
      const opened = await journey.checkout(offer);
      narrator.show(`The page: ${opened.url}`);
      return opened;
    },
  );
  await narrator.step(
    "A declined card",
    "The page says so and stays open. Confirming now is refused: Stripe is asked whether money came, never the browser.",
    async () => {
      const page = await journey.pay(session, cards.declined);
      assert.equal(page.status, 402, "a declined card does not pay");
      assert.match(alertOf(page.body), /declined/i, "the page says that the card was declined");
      assert.equal((await journey.accept(session)).status, 422, "an unpaid session cannot be confirmed");
    },
  );
  await narrator.step(
    "A card that works",
    "Stripe sends the client back to the front end with the session id in the address.",
    async () => assert.equal((await journey.pay(session)).status, 303, "the payment succeeds"),
  );
  await narrator.step(
    "The client confirms with the session id",
    "204: the offer is accepted. Stripe's event may have arrived first; both do the same through one operation, so the answer is the same.",
    async () => assert.equal((await journey.accept(session)).status, 204, "the paid session is accepted"),
  );
  await narrator.step(
    "And confirms again",
    "A refreshed page or a double click looks like success and changes nothing.",
    async () => assert.equal((await journey.accept(session)).status, 204, "the repeat looks like success"),
  );
  await narrator.step(
    "The testimony is accepted, and both sides know",
    "The notifications are written in the same database batch as the acceptance: never one without the other.",
    async () => {
      assert.equal(await journey.state(session), "accepted", "the testimony is accepted");
      for (const { token } of [petra, client]) {
        const { data } = (await journey.must(200, "GET", "/me/notifications", { token })).body;
        const told = data.filter(({ type }: { type: string }) => type === "offer.accepted");
        assert.equal(told.length, 1, "each side is notified once");
      }
    },
  );
  await narrator.step(
    "The expert is paid",
    "The price goes to the expert's account by a transfer, out of this very charge. It happens by itself within seconds; here we ask Stripe for it.",
    async () => {
      const [transfer, ...others] = await until("the transfer", async () => {
        const { data } = await journey.stripe(`/transfers?transfer_group=${testimonyId}`);
        return data.length > 0 ? data : undefined;
      });
      assert.equal(transfer.amount, 14_950, "the expert gets the price");
      assert.deepEqual(others, [], "and gets it once");
      narrator.show(`${transfer.id}: ${amount(transfer.amount)} € to ${transfer.destination}`);
    },
  );
  return { testimonyId, experts };
}

/** Opens two pages and pays both: one offer is accepted, the other payment is returned automatically. */
async function payTwice(experts: Awaited<ReturnType<typeof sellOneOffer>>["experts"]): Promise<void> {
  narrator.chapter("Two payments for one testimony");
  const sessions = await withEventsHeld(() => confirmBoth(experts));
  await narrator.step(
    "The losing payment is refunded",
    "In full, once, without anybody asking. We look at Stripe until the refund is there.",
    async () => {
      const refunds = await until("the refund", async () => {
        const found = (await Promise.all(sessions.map(refundsOf))).flat();
        return found.length > 0 && found.every(({ status }) => status === "succeeded") ? found : undefined;
      });
      assert.equal(refunds.length, 1, "one refund");
      for (const refund of refunds) {
        assert.ok([12_100, 14_520].includes(refund.amount), "price and commission go back in full");
        narrator.show(`${refund.id}: ${amount(refund.amount)} € went back`);
      }
    },
  );
}

async function confirmBoth([petra, rival]: Awaited<ReturnType<typeof sellOneOffer>>["experts"]) {
  const sessions = await narrator.step(
    "A second client opens two payment pages",
    "One for each of two offers, in two browser tabs. Stripe's events are held back meanwhile: otherwise the first payment would be accepted at once, and the other page be closed.",
    async () => {
      const first = await journey.offerOnTable({ expert: petra, onboarded: false, price: 100 });
      const second = { ...first, offerId: await journey.createOffer(rival, first.testimonyId, 120), expert: rival };
      return [await journey.checkout(first), await journey.checkout(second)] as const;
    },
  );
  await narrator.step(
    "Both pages are paid",
    "Nothing stops a person from paying twice. What counts is what happens to the money.",
    async () => {
      for (const session of sessions) assert.equal((await journey.pay(session)).status, 303, "the payment succeeds");
    },
  );
  await narrator.step(
    "Both are confirmed at the same moment",
    "All offers of one testimony pass one at a time, so exactly one wins. The other is refused, although it was paid.",
    async () => {
      const answers = await Promise.all(sessions.map((session) => journey.accept(session)));
      assert.deepEqual(answers.map(({ status }) => status).sort(), [204, 422], "one wins, one loses");
    },
  );
  await narrator.step("The held events arrive, late", "They report what is known already, and change nothing.", () =>
    journey.flushEvents(),
  );
  return sessions;
}

/**
 * Holds Stripe's events during `walk`, and delivers them afterwards in any case, so that the sandbox does not keep
 * holding them.
 */
async function withEventsHeld<T>(walk: () => Promise<T>): Promise<T> {
  await journey.events("hold");
  try {
    return await walk();
  } finally {
    await journey.events("deliver");
    await journey.flushEvents();
  }
}

interface Refund {
  id: string;
  amount: number;
  status: string;
}

async function refundsOf({ sessionId }: PaidSession): Promise<Refund[]> {
  const { payment_intent: payment } = await journey.stripe(`/checkout/sessions/${sessionId}`);
  return (await journey.stripe(`/refunds?payment_intent=${payment}`)).data;
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
