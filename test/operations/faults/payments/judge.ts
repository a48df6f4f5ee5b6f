import { expect, it } from "vitest";
import type { Journey } from "../../../journey";
import { expectBooksInOrder } from "../../../outcome";
import type { Shopper, Transaction } from "../../../shop";
import { booksOfPayment } from "../../books";
import { stripeSideOf } from "../../payments/stripe-side";
import { toldOfPayment } from "../../rows";
import { expectKeysInOrder } from "../stripe-keys";
import type { Fixtures } from "./fixtures";
import type { Walk } from "./walk";

/** The end of each payment of the fixtures, with our fee of 0.50 of each 10.00, in proportion. Minor units. */
export const ends = {
  cloned: { status: "succeeded", seller: 950, fee: 50, refunds: [] },
  bound: { status: "succeeded", seller: 950, fee: 50, refunds: [] },
  captured: { status: "succeeded", seller: 570, fee: 30, refunds: [] },
  cancelled: { status: "canceled", seller: 0, fee: 0, refunds: [] },
  refunded: { status: "succeeded", seller: 570, fee: 30, refunds: [{ amount: 400, status: "succeeded" }] },
  released: { status: "canceled", seller: 0, fee: 0, refunds: [] },
} as const;

/** Expects that each request on a payment was done once: at Stripe, in our ledger, and for its caller. */
export async function expectEnd(
  journey: Journey,
  { shop, transactions }: Fixtures,
  name: keyof typeof ends,
): Promise<void> {
  const transaction = transactions[name];
  const { status, seller, fee, refunds } = ends[name];
  expect((await shop.view(transaction)).body.data.status).toBe(status);
  const there = await stripeSideOf(journey, transaction);
  expect([there.status, there.charges.length, there.refunds]).toEqual([status, 1, refunds]);
  expect(await booksOfPayment(transaction)).toEqual({
    ...(seller > 0 ? { seller_balance: seller, seller_payable: -seller } : {}),
    ...(fee > 0 ? { application_fees: -fee, stripe_balance: fee } : {}),
  });
}

/**
 * Expects that nothing was made twice. The method of the shopper who attaches one was detached again, unless said
 * otherwise.
 */
export async function expectOneOfEach(
  journey: Journey,
  { transactions, accounts, shoppers }: Fixtures,
  made: { transaction: Transaction; accountId: string },
  { attached = 0 } = {},
): Promise<void> {
  const idsAt = async (path: string, account?: string) =>
    (await journey.stripe(`${path}?limit=100`, account)).data.map(({ id }: { id: string }) => id).sort();
  const intents = [...Object.values(transactions), made.transaction].map(({ transactionId }) => transactionId);
  expect(await idsAt("/payment_intents", accounts.paid)).toEqual(intents.sort());
  expect(await idsAt("/accounts")).toEqual([accounts.paid, made.accountId].sort());
  const methods = async ({ userId }: Shopper, account?: string) => {
    const { data } = await journey.stripe("/customers?limit=100", account);
    const own = data.filter(({ metadata }: { metadata: { user_id?: string } }) => metadata.user_id === userId);
    expect(own).toHaveLength(1);
    return (await journey.stripe(`/customers/${own[0].id}/payment_methods`, account)).data.length;
  };
  expect(await methods(shoppers.attaching)).toBe(attached);
  expect(await methods(shoppers.exchanging)).toBe(1);
  expect(await methods(shoppers.cloning)).toBe(1);
  expect(await methods(shoppers.bound, accounts.paid)).toBe(1);
}

/** Defines the tests of what must be true after every walk, whatever failed. */
export function judge(journey: Journey, walked: () => Walk): void {
  it("says sorry in the contract's words, and when to come again", () => {
    const { asked, repeated } = walked();
    const failed = [
      ...Object.values(repeated).flatMap((answers) => answers.slice(0, -1)),
      ...Object.values(asked).flatMap(({ answer, meanwhile }) => (meanwhile ? [answer] : [])),
    ];
    for (const { status, body, headers } of failed) {
      expect([status, body.error, body.code]).toEqual([503, "Service Unavailable", "stripe_unavailable"]);
      expect(body.details.message).toBe("Service unavailable. Please try again.");
      expect(headers.get("Retry-After")).toBe("10");
    }
    const last = Object.entries(repeated).map(([name, answers]) => [name, answers.at(-1)?.status]);
    expect(Object.fromEntries(last)).toEqual({
      create: expect.toBeOneOf([200, 201]),
      open: 201,
      onboard: 201,
      logIn: 201,
      attach: expect.toBeOneOf([200, 201]),
      exchange: expect.toBeOneOf([200, 201]),
      detach: 204,
      remove: 204,
    });
  });

  it("shows a payment as unknown while nobody knows, and lets nobody repeat what may be done", () => {
    for (const { answer, meanwhile } of Object.values(walked().asked)) {
      if (!meanwhile) {
        expect(answer.status).toBe(200);
        continue;
      }
      const { shown, repeat } = meanwhile;
      expect([shown, repeat.status, repeat.body.code]).toEqual(["unknown", 409, "payment_uncertain"]);
      expect(repeat.headers.get("Retry-After")).toBe("10");
    }
  });

  it.each(Object.keys(ends) as (keyof typeof ends)[])("does once what was asked: %s", async (name) => {
    const { fixtures } = walked();
    await expectEnd(journey, fixtures, name);
    const told = await toldOfPayment(fixtures.transactions[name]);
    expect(told.length).toBe(new Set(told).size);
  });

  it("makes one PaymentIntent for each order, one account, and one method for each shopper", () => {
    const { fixtures, made } = walked();
    return expectOneOfEach(journey, fixtures, made);
  });

  it("leaves nothing open, and every cent explained", async () => {
    expect(walked().left).toEqual([]);
    await expectBooksInOrder(journey);
  });

  it("repeats under one key what is the same request, and nothing else", () => expectKeysInOrder(journey));
}
