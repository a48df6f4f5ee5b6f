import { env, exports } from "cloudflare:workers";
import { beforeEach, expect, it } from "vitest";
import { buildDeps } from "../../src/container";
import { moveCursor } from "../../src/db/cursors";
import { unopened } from "../../src/db/opening-balance";
import { feesCursor } from "../../src/operations/book-stripe-fees";
import { Journey } from "../journey";
import { booksOf, expectProof } from "./books";

/** Tests a platform that had used its Stripe account before Accord. */
const journey = new Journey((request) => exports.default.fetch(request));

beforeEach(() => journey.reset());

const day = 24 * 60 * 60;

const write = (type: string, amount: number, more: object = {}) =>
  journey.control("POST", "balance", { type, amount, ...more });

/**
 * Makes a history of ten days ago: a top-up, a bill, a client who paid in another way and got a part back, and a line
 * of an unknown type.
 */
async function history(): Promise<void> {
  await write("topup", 100_000);
  await write("stripe_fee", -350);
  const paid = await journey.stripePost("/payment_intents", {
    amount: 5_000,
    currency: "eur",
    payment_method: "pm_card_visa",
    confirm: "true",
    "automatic_payment_methods[enabled]": "true",
    "automatic_payment_methods[allow_redirects]": "never",
  });
  await journey.stripePost("/refunds", { payment_intent: paid.id, amount: 1_000 });
  await write("unheard_of", -7);
  await journey.advance(10 * day);
}

/** Returns the time so many days before the sandbox's present. */
async function daysAgo(days: number): Promise<string> {
  const { nowSeconds } = (await journey.control("GET", "clock")).body;
  return new Date((nowSeconds - days * day) * 1000).toISOString();
}

async function open(before: string) {
  return journey.operator("POST", "/opening-balance", { before, note: "Run by hand until then." });
}

async function heldAtStripe(): Promise<number> {
  const { available, pending } = await journey.stripe("/balance");
  return [...available, ...pending].reduce((sum: number, { amount }: { amount: number }) => sum + amount, 0);
}

it("is Stripe's sum of what came before, and everything since is explained", async () => {
  await history();
  expect((await journey.reconcile()).ok).toBe(false);
  const held = await heldAtStripe();
  await write("stripe_fee", -40, { ageSeconds: 2 * day }); // dated after the moment: the clock books it by itself
  const opened = await open(await daysAgo(4));
  expect(opened.status).toBe(201);
  expect(opened.body.data).toEqual({ balances: [{ currency: "eur", amountMinor: held }], lines: 5 });
  await journey.advance(11 * 60);
  expect(await booksOf(journey)).toEqual({ stripe_balance: held - 40, opening_balance: -held, stripe_fees: 40 });
  await expectProof(journey);

  await journey.control("POST", "payouts", { schedule: "daily" });
  const session = await journey.paidOffer();
  expect((await journey.accept(session)).status).toBe(204);
  await journey.advance(3 * day);
  await journey.advance(11 * 60);
  expect(await booksOf(journey)).toMatchObject({ opening_balance: -held });
  await expectProof(journey);
});

it("is not overrun by a run of the clock that had begun before it", async () => {
  await history();
  await write("stripe_fee", -40, { ageSeconds: 5 * day });
  const before = await daysAgo(7);
  expect((await open(before)).status).toBe(201);
  const { db } = await buildDeps(env, "test");
  await db.batch([moveCursor(db, feesCursor, Date.parse(before) + 6 * day * 1000, null, unopened)]);
  await journey.advance(11 * 60);
  await expectProof(journey);
});

it("is stated once, of a time that is over, and before anything was sold", async () => {
  await history();
  const soon = await open(await daysAgo(2));
  expect([soon.status, soon.body.code]).toEqual([409, "opening_refused"]);
  expect(soon.body.detail).toContain("at least three days ago");
  expect((await open("yesterday")).status).toBe(422);
  expect((await open(await daysAgo(4))).status).toBe(201);
  const again = await open(await daysAgo(5));
  expect([again.status, again.body.code]).toEqual([409, "opening_refused"]);
  expect(again.body.detail).toContain("opened already");
  await expectProof(journey);
});

it("is refused for a moment after the first testimony", async () => {
  await history();
  await journey.offerOnTable();
  await journey.advance(5 * day);
  const late = await open(await daysAgo(4));
  expect([late.status, late.body.code]).toEqual([409, "opening_refused"]);
  expect((await open(await daysAgo(6))).status).toBe(201);
  await journey.advance(11 * 60);
  await expectProof(journey);
});

it("does not hide what Stripe dates before it afterwards", async () => {
  await history();
  expect((await open(await daysAgo(4))).status).toBe(201);
  await write("adjustment", -25, { ageSeconds: 6 * day });
  await journey.advance(11 * 60);
  const { ok, unexplained } = await journey.reconcile();
  expect([ok, unexplained.map(({ reference }) => reference)]).toEqual([false, ["opening_balance"]]);
});
