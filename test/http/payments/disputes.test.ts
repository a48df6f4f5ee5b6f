import { beforeEach, expect, it } from "vitest";
import { chargeIdOf } from "../../operations/payments/stripe-side";
import { identity, Shop } from "../../shop";
import { journey } from "../checked";

beforeEach(() => journey.reset());

it("a dispute is listed and viewed with why and until when, by its app alone, and as it ended", async () => {
  const shop = await Shop.open(journey);
  const transaction = await shop.paid();
  const charge = await chargeIdOf(journey, transaction);
  const { id } = (await journey.control("POST", "disputes", { charge })).body;
  await journey.advance(1);
  const headers = identity(transaction.shopper);
  const ask = (path: string, by: Record<string, string>) => journey.call("GET", `/api/v1${path}`, { headers: by });

  const { data } = (await ask(`/disputes/${id}`, headers)).body;
  expect(data).toMatchObject({
    dispute_id: id,
    transaction_id: transaction.transactionId,
    order_id: transaction.orderId,
    amount: "1000",
    status: "open",
  });
  expect(data.reason).toMatch(/^[a-z_]+$/);
  expect(Date.parse(data.due_by)).toBeGreaterThan(Date.parse(data.created_at));
  expect((await ask("/disputes?status=open", headers)).body.data).toEqual([data]);
  expect((await ask("/disputes?status=lost", headers)).body.data).toEqual([]);

  const stranger = identity(await (await Shop.open(journey)).shopper());
  expect((await ask(`/disputes/${id}`, stranger)).status).toBe(404);
  expect((await ask("/disputes", stranger)).body.data).toEqual([]);

  await journey.control("POST", "disputes", { dispute: id, status: "lost" });
  await journey.advance(1);
  expect((await ask(`/disputes/${id}`, headers)).body.data).toMatchObject({ status: "lost" });
});
