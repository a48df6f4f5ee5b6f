import { beforeEach, expect, it } from "vitest";
import { hundred } from "../../operations/books";
import { acceptedOffer } from "../../operations/offers/accepted-offer";
import { rows } from "../../operations/rows";
import { Shop } from "../../shop";
import { journey } from "../checked";
import { outcomeOf, tried, write } from "./write";

const reason = "The goods came broken.";
const colleague = "colleague_sandbox";

beforeEach(() => journey.reset());

/** Lists the amounts of the refunds of whatever was paid, by the table that holds them. */
async function amountsIn(table: "payment_refunds" | "refunds"): Promise<number[]> {
  const found = await rows<{ amount_minor: number }>(`select amount_minor from ${table} order by id`);
  return found.map(({ amount_minor }) => amount_minor);
}

async function paidPayment(): Promise<string> {
  const shop = await Shop.open(journey);
  const { transactionId } = await shop.paid();
  return `/payments/${transactionId}`;
}

/** Returns what the payment's page shows as refunded. */
async function refundedOf(path: string): Promise<number> {
  return (await journey.operator("GET", path)).body.data.payment.refundedMinor;
}

it("gives a part of a payment back once, if two operators have seen the same", async () => {
  const path = await paidPayment();
  const refundedMinor = await refundedOf(path);
  const part = { reason, amount: 300, refundedMinor };
  expect((await tried(`${path}/refund`, part)).status).toBe(200);
  expect((await write(`${path}/refund`, part)).status).toBe(204);
  for (const late of [await write(`${path}/refund`, part, { token: colleague }), await tried(`${path}/refund`, part)]) {
    expect(outcomeOf(late)).toEqual([409, "refunded_since"]);
    expect(late.body.detail).toBe("What is refunded has changed since you looked.");
  }
  // All that is left would be another sum than the one that was seen, too.
  expect(outcomeOf(await write(`${path}/refund`, { reason, refundedMinor }))).toEqual([409, "refunded_since"]);
  expect(await amountsIn("payment_refunds")).toEqual([300]);
  // An operator who has looked again goes on, and so does one who does not say what was seen.
  const again = { ...part, refundedMinor: await refundedOf(path) };
  expect(again.refundedMinor).toBe(300);
  expect((await write(`${path}/refund`, again, { token: colleague })).status).toBe(204);
  expect((await write(`${path}/refund`, { reason, amount: 100 })).status).toBe(204);
  expect(await amountsIn("payment_refunds")).toEqual([300, 300, 100]);
  expect((await journey.ledgerCheck()).ok).toBe(true);
});

it("gives it back once, if both send at the same time", async () => {
  const path = await paidPayment();
  const part = { reason, amount: 300, refundedMinor: 0 };
  const answers = await Promise.all([
    write(`${path}/refund`, part),
    write(`${path}/refund`, part, { token: colleague }),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
  expect(await amountsIn("payment_refunds")).toEqual([300]);
});

it("answers a repetition under its key what it answered, whatever was refunded since", async () => {
  const path = await paidPayment();
  const key = crypto.randomUUID();
  const part = { reason, amount: 300, refundedMinor: 0 };
  expect((await write(`${path}/refund`, part, { key })).status).toBe(204);
  const repeated = await write(`${path}/refund`, part, { key });
  expect([repeated.status, repeated.headers.get("Idempotent-Replayed")]).toEqual([204, "true"]);
});

it("gives a part of an acceptance back once, if two operators have seen the same", async () => {
  const { testimonyId } = await acceptedOffer(journey);
  const path = `/testimonies/${testimonyId}`;
  const shown = async () => (await journey.operator("GET", path)).body.data.checkouts[0].refundedMinor;
  const part = { reason, amount: hundred.totalMinor / 4, refundedMinor: await shown() };
  expect((await write(`${path}/refund`, part)).status).toBe(204);
  expect(outcomeOf(await write(`${path}/refund`, part, { token: colleague }))).toEqual([409, "refunded_since"]);
  const whole = { reason, refundedMinor: 0 };
  expect(outcomeOf(await write(`${path}/refund`, whole, { token: colleague }))).toEqual([409, "refunded_since"]);
  await journey.advance(10);
  expect(await amountsIn("refunds")).toEqual([part.amount]);
  const again = { ...part, refundedMinor: await shown() };
  expect(again.refundedMinor).toBe(part.amount);
  expect((await write(`${path}/refund`, again, { token: colleague })).status).toBe(204);
  await journey.advance(10);
  expect((await journey.ledgerCheck()).ok).toBe(true);
});
