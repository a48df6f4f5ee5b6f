import { expect, it } from "vitest";
import type { Journey } from "../../../journey";
import { expectBooksInOrder } from "../../../outcome";
import type { Shopper, Transaction } from "../../../shop";
import { booksOfPayment } from "../../books";
import { stripeSideOf } from "../../payments/stripe-side";
import { toldOfPayment } from "../../rows";
import { expectKeysInOrder } from "../stripe-keys";
import type { Walk } from "./walk";

/** What must be true after every walk, whatever was broken. */
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

  /** With 0.50 of each 10.00 for us, in proportion. Minor units. */
  const ends = {
    created: { status: "requires_payment_method", seller: 0, fee: 0, charges: 0, refunds: [] },
    cloned: { status: "succeeded", seller: 950, fee: 50, charges: 1, refunds: [] },
    bound: { status: "succeeded", seller: 950, fee: 50, charges: 1, refunds: [] },
    captured: { status: "succeeded", seller: 570, fee: 30, charges: 1, refunds: [] },
    cancelled: { status: "canceled", seller: 0, fee: 0, charges: 1, refunds: [] },
    refunded: {
      status: "succeeded",
      seller: 570,
      fee: 30,
      charges: 1,
      refunds: [{ amount: 400, status: "succeeded" }],
    },
    released: { status: "canceled", seller: 0, fee: 0, charges: 1, refunds: [] },
  } as const;

  it.each(Object.keys(ends) as (keyof typeof ends)[])("does once what was asked: %s", async (name) => {
    const { shop, transactions } = walked();
    const transaction = transactions[name];
    const { status, seller, fee, charges, refunds } = ends[name];
    expect((await shop.view(transaction)).body.data.status).toBe(status);
    const there = await stripeSideOf(journey, transaction);
    expect([there.status, there.charges.length, there.refunds]).toEqual([status, charges, refunds]);
    expect(await booksOfPayment(transaction)).toEqual({
      ...(seller > 0 ? { seller_balance: seller, seller_payable: -seller } : {}),
      ...(fee > 0 ? { application_fees: -fee, stripe_balance: fee } : {}),
    });
    const told = await toldOfPayment(transaction);
    expect(told.length).toBe(new Set(told).size);
  });

  it("makes one PaymentIntent for each order", async () => {
    const { transactions, accounts } = walked();
    const { data } = await journey.stripe("/payment_intents?limit=100", accounts.paid);
    const ids = data.map(({ id }: { id: string }) => id).sort();
    expect(ids).toEqual(
      Object.values(transactions)
        .map(({ transactionId }) => transactionId)
        .sort(),
    );
  });

  it("opens one account, and deletes one", async () => {
    const { accounts } = walked();
    const { data } = await journey.stripe("/accounts?limit=100");
    expect(data.map(({ id }: { id: string }) => id).sort()).toEqual([accounts.paid, accounts.opened].sort());
  });

  it("makes one customer for each shopper, with the one method that was stored", async () => {
    const { shoppers, accounts } = walked();
    const methods = async ({ userId }: Shopper, account?: string) => {
      const { data } = await journey.stripe("/customers?limit=100", account);
      const own = data.filter(({ metadata }: { metadata: { user_id?: string } }) => metadata.user_id === userId);
      expect(own).toHaveLength(1);
      return (await journey.stripe(`/customers/${own[0].id}/payment_methods`, account)).data.length;
    };
    expect(await methods(shoppers.attaching)).toBe(0); // it was taken off again
    expect(await methods(shoppers.exchanging)).toBe(1);
    expect(await methods(shoppers.cloning)).toBe(1);
    expect(await methods(shoppers.bound, accounts.paid)).toBe(1);
  });

  it("gives one refund for each that was asked for, and shows it", async () => {
    const { shop, transactions } = walked();
    const refundOf = async ({ orderId, shopper, accountId }: Transaction) =>
      (await shop.refund({ orderId, shopper, accountId, transactionId: "" }, { amount: 601 })).status;
    expect(await refundOf(transactions.refunded)).toBe(422);
    expect(await refundOf(transactions.released)).toBe(409);
  });

  it("leaves nothing open, and every cent explained", async () => {
    expect(walked().left).toEqual([]);
    await expectBooksInOrder(journey);
  });

  it("repeats under one key what is the same request, and nothing else", () => expectKeysInOrder(journey));
}
