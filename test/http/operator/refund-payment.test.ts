import { beforeEach, expect, it } from "vitest";
import { rows } from "../../operations/rows";
import { Shop } from "../../shop";
import { journey } from "../checked";
import { byOperatorIn, expectNotForReaders, outcomeOf, tried, write } from "./write";

const reason = "The seller cannot be reached.";
let shop: Shop;

beforeEach(async () => {
  await journey.reset();
  shop = await Shop.open(journey);
});

async function paid(body: object = {}) {
  const transaction = await shop.paid(body);
  const [{ id = "" } = {}] = await rows<{ id: string }>(
    "select id from payments where stripe_id = ?",
    transaction.transactionId,
  );
  return { transaction, id, path: `/payments/${id}/refund` };
}

const booksNow = async () => (await journey.operator("GET", "/ledger")).body.data;

it("gives a part and then the rest back, once each, in the journal under the operator's name", async () => {
  const { transaction, id, path } = await paid();
  await expectNotForReaders(path, { reason });
  expect(outcomeOf(await write(path, {}))).toEqual([422, "input_invalid"]);
  const key = crypto.randomUUID();
  expect((await write(path, { reason, amount: 300 }, { key })).status).toBe(204);
  expect((await write(path, { reason, amount: 300 }, { key })).headers.get("Idempotent-Replayed")).toBe("true");
  expect((await shop.view(transaction)).body.data.amount_refunded).toBe("300");
  expect(outcomeOf(await write(path, { reason, amount: 701 }))).toEqual([422, "amount_exceeds_refundable"]);
  // By Stripe's id it is the same payment.
  expect((await write(`/payments/${transaction.transactionId}/refund`, { reason })).status).toBe(204);
  expect(outcomeOf(await write(path, { reason }))).toEqual([409, "nothing_refundable"]);
  expect(await byOperatorIn(id, "claim-refund")).toMatchObject([
    { operator: "sandbox", reason, amountMinor: 300 },
    { operator: "sandbox", reason, amountMinor: 700 },
  ]);
  expect((await journey.ledgerCheck()).ok).toBe(true);
});

it("releases what was only authorised, and says so before", async () => {
  const { transaction, id, path } = await paid({ capture_method: "manual" });
  expect((await tried(path, { reason })).body.data).toEqual({
    steps: [{ call: "cancel-intent", object: transaction.transactionId, amountMinor: 1000, currency: "usd" }],
    lines: [],
  });
  expect(outcomeOf(await write(path, { reason, amount: 1 }))).toEqual([409, "state_wrong"]);
  expect((await write(path, { reason })).status).toBe(204);
  expect((await shop.view(transaction)).body.data.status).toBe("canceled");
  expect(await byOperatorIn(id, "claim-release")).toMatchObject([{ operator: "sandbox", reason }]);
});

it("says in a dry run what Stripe will be asked and what the ledger will take, and does as it says", async () => {
  const { transaction, path } = await paid();
  const plan = (await tried(path, { reason, amount: 300 })).body.data;
  expect(plan).toEqual({
    steps: [{ call: "create-payment-refund", object: transaction.transactionId, amountMinor: 300, currency: "usd" }],
    lines: [
      expect.objectContaining({ account: "seller_payable", amountMinor: 300, currency: "usd" }),
      expect.objectContaining({ account: "seller_balance", amountMinor: -300, currency: "usd" }),
    ],
  });
  const before = await booksNow();
  expect((await write(path, { reason, amount: 300 })).status).toBe(204);
  expect(moved(before, await booksNow())).toEqual(sums(plan.lines));
  expect(outcomeOf(await tried(path, { reason, amount: 701 }))).toEqual([422, "amount_exceeds_refundable"]);
  expect(outcomeOf(await tried(`/payments/${crypto.randomUUID()}/refund`, { reason }))).toEqual([
    404,
    "payment_unknown",
  ]);
});

it("is one refund whatever Stripe does: refused while its outcome is unknown, and resumed by the clock", async () => {
  const { transaction, path } = await paid();
  await journey.fault("POST /v1/refunds", "timeout_after", 2);
  expect(outcomeOf(await write(path, { reason }))).toEqual([503, "stripe_unavailable"]);
  expect(outcomeOf(await write(path, { reason }))).toEqual([409, "payment_uncertain"]);
  await journey.advance(60);
  expect((await shop.view(transaction)).body.data.amount_refunded).toBe("1000");
  expect((await journey.ledgerCheck()).ok).toBe(true);
  expect((await journey.reconcile()).ok).toBe(true);
});

it("is refused where the currency has no such part, and where the account is gone", async () => {
  const { transaction, path } = await paid({ currency: "isk", amount: 1_000 });
  expect(outcomeOf(await write(path, { reason, amount: 250 }))).toEqual([422, "amount_refused"]);
  expect(outcomeOf(await tried(path, { reason, amount: 250 }))).toEqual([422, "amount_refused"]);
  await journey.control("POST", "accounts", { account: transaction.accountId, status: "deauthorized" });
  expect(outcomeOf(await write(path, { reason }))).toEqual([409, "account_gone"]);
  expect(await rows("select * from payment_refunds where state <> 'failed'")).toEqual([]);
});

type Line = { account: string; currency: string; amountMinor: number };

function sums(lines: readonly Line[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const { account, amountMinor } of lines) total[account] = (total[account] ?? 0) + amountMinor;
  return total;
}

function moved(before: readonly Line[], after: readonly Line[]): Record<string, number> {
  const [from, to] = [sums(before), sums(after)];
  const changed = Object.keys(to).map((account) => [account, (to[account] ?? 0) - (from[account] ?? 0)] as const);
  return Object.fromEntries(changed.filter(([, amountMinor]) => amountMinor !== 0));
}
