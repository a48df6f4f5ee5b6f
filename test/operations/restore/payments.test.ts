import { beforeEach, describe, expect, it } from "vitest";
import { journey } from "../../http/checked";
import { Shop, type Transaction } from "../../shop";
import { booksOfPayment, expectProof } from "../books";
import { quickly } from "../faults/quickly";
import { markRestored, putBack, recover, restore, takeSnapshot } from "./put-back";

let shop: Shop;
let paid: Transaction;

beforeEach(async () => {
  quickly();
  await journey.reset();
  shop = await Shop.open(journey);
  paid = await shop.paid();
  await journey.advance(60);
});

async function refundsAtStripe({ accountId, transactionId }: Transaction): Promise<number[]> {
  const { data } = await journey.stripe(`/refunds?payment_intent=${transactionId}`, accountId);
  return data.map(({ amount }: { amount: number }) => amount);
}

describe("a partial refund of the lost time", () => {
  const key = { "Idempotency-Key": "the same" };

  it("is answered again to the same request, and made once", async () => {
    const snapshot = await takeSnapshot(journey);
    const first = await shop.refund(paid, { amount: 400 }, key);
    expect(first.status).toBe(200);
    await restore(journey, snapshot);
    const again = await shop.refund(paid, { amount: 400 }, key);
    expect([again.status, again.body.data.refund_id]).toEqual([200, first.body.data.refund_id]);
    expect(await refundsAtStripe(paid)).toEqual([400]);
    expect(await booksOfPayment(paid)).toMatchObject({ seller_balance: 600 });
    await expectProof(journey);
  });

  it("is found by the request itself, should nobody have looked for it", async () => {
    const snapshot = await takeSnapshot(journey);
    const first = await shop.refund(paid, { amount: 400 }, key);
    await putBack(snapshot);
    await markRestored(journey, snapshot);
    await journey.must(204, "POST", "/admin/restore/end", { token: "admin_sandbox" });
    const again = await shop.refund(paid, { amount: 400 }, key);
    expect([again.status, again.body.data.refund_id]).toEqual([200, first.body.data.refund_id]);
    expect(await refundsAtStripe(paid)).toEqual([400]);
    const reused = await shop.refund(paid, { amount: 300 }, key);
    expect([reused.status, reused.body.code]).toEqual([422, "idempotency_key_reused"]);
    expect((await shop.refund(paid, { amount: 400 }, { "Idempotency-Key": "another" })).status).toBe(200);
    expect(await refundsAtStripe(paid)).toEqual([400, 400]);
    await expectProof(journey);
  });

  it("keeps what a payment has left from being given back twice", async () => {
    const snapshot = await takeSnapshot(journey);
    await shop.refund(paid, { amount: 600 }, key);
    await restore(journey, snapshot);
    const more = await shop.refund(paid, { amount: 600 });
    expect([more.status, more.body.code]).toEqual([422, "amount_exceeds_refundable"]);
  });
});

describe("a payment of the lost time", () => {
  it("is written down again as Stripe has it, and is its order's", async () => {
    const { shopper, accountId } = paid;
    const snapshot = await takeSnapshot(journey);
    const said = { description: "Oak", receipt_email: "jana@example.com", metadata: { cart: "c-77" } };
    const lost = await shop.paid(said, { shopper, accountId });
    const found = await restore(journey, snapshot);
    expect(found[lost.transactionId]).toBe("rebuilt");
    expect((await shop.view(lost)).body.data).toMatchObject({ status: "succeeded", ...said });
    const again = await shop.create(shopper, { order_id: lost.orderId, account_id: accountId, amount: 1000 });
    expect([again.status, again.body.data.transaction_id]).toEqual([200, lost.transactionId]);
    expect((await journey.stripe("/payment_intents", accountId)).data).toHaveLength(2);
    expect((await shop.refund(lost)).status).toBe(200);
    await expectProof(journey);
  });

  it("on an account of the lost time: the account is the developer's again", async () => {
    const snapshot = await takeSnapshot(journey);
    const accountId = await shop.account();
    const lost = await shop.paid({}, { shopper: paid.shopper, accountId });
    const found = await restore(journey, snapshot);
    expect([found[accountId], found[lost.transactionId]]).toEqual(["linked", "rebuilt"]);
    expect((await shop.view(lost)).body.data).toMatchObject({ status: "succeeded" });
    await expectProof(journey);
  });

  it("is found however many there are: more than a page of Stripe's list", async () => {
    const { shopper, accountId } = paid;
    const snapshot = await takeSnapshot(journey);
    const lost: string[] = [];
    while (lost.length < 27) lost.push((await shop.started({}, { shopper, accountId })).transactionId);
    const found = await restore(journey, snapshot);
    expect(lost.map((id) => found[id])).toEqual(lost.map(() => "rebuilt"));
  });

  it("whose shopper is lost, too, is named and left alone", async () => {
    const snapshot = await takeSnapshot(journey);
    const lost = await shop.started({}, { accountId: paid.accountId });
    const found = await restore(journey, snapshot);
    expect(found[lost.transactionId]).toBe("nobody");
  });
});

it("recovers nothing twice", async () => {
  const snapshot = await takeSnapshot(journey);
  await shop.refund(paid, { amount: 400 });
  await shop.paid({}, paid);
  await restore(journey, snapshot);
  await markRestored(journey, snapshot);
  const found = Object.values(await recover(journey));
  expect(new Set(found)).toEqual(new Set(["known"]));
  await expectProof(journey);
});
