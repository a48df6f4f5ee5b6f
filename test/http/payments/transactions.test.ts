import { beforeAll, describe, expect, it } from "vitest";
import { newOrderId, Shop, type Shopper } from "../../shop";
import { journey } from "../checked";

let shop: Shop;
let shopper: Shopper;
let accountId: string;
beforeAll(async () => {
  shop = await Shop.open(journey);
  shopper = await shop.shopper();
  accountId = await shop.account();
});

const started = (body: object = {}) => shop.started(body, { shopper, accountId });
const paid = (body: object = {}) => shop.paid(body, { shopper, accountId });
const origin = "http://localhost:8787/api/v1";

describe("the documented bodies, to the letter", () => {
  it("create", async () => {
    const body = { order_id: newOrderId(), account_id: accountId, amount: "1000" };
    const made = await shop.create(shopper, body);
    const { client_secret, transaction_id } = made.body.data;
    expect(transaction_id).toMatch(/^pi_\w+$/);
    expect(client_secret).toMatch(new RegExp(`^${transaction_id}_secret_\\w+$`));
    expect(made.status).toBe(201);
    expect(JSON.stringify(made.body)).toBe(
      `{"data":{"client_secret":"${client_secret}","status":"requires_payment_method","transaction_id":"${transaction_id}"},"meta":{"message":"Payment initiated successfully","status_code":201},"links":{"self":"${origin}/transactions"}}`,
    );
    const again = await shop.create(shopper, body);
    expect([again.status, again.body.data]).toEqual([200, made.body.data]);
  });

  it("confirm, with the status beside it", async () => {
    const { body, status } = await shop.confirm(await started());
    expect(status).toBe(200);
    expect(JSON.stringify(body)).toBe(
      `{"data":{"message":"Payment confirmed successfully","status_code":200,"account_id":"${accountId}","status":"succeeded"},"meta":{"message":"Payment confirmed successfully","status_code":200},"links":{"self":"${origin}/transactions/confirm"}}`,
    );
  });
});

describe("creating", () => {
  it("is a direct charge on the account that names the order, the app and the developer", async () => {
    const { transactionId, orderId } = await started({ amount: 1234, currency: "EUR", capture_method: "manual" });
    const intent = await journey.stripe(`/payment_intents/${transactionId}`, accountId);
    expect(intent).toMatchObject({
      amount: 1234,
      currency: "eur",
      capture_method: "manual",
      status: "requires_payment_method",
    });
    expect(intent.metadata).toMatchObject({ order_id: orderId, app_id: shopper.appId });
    expect((await journey.stripe(`/payment_intents/${transactionId}`)).error.code).toBe("resource_missing");
  });

  it("takes the fee of the order", async () => {
    const orderId = newOrderId();
    const terms = { amount: 1000, account_id: accountId, application_fee_amount: 70 };
    await shop.ask(shopper, "PUT", `/orders/${orderId}`, terms);
    const made = await shop.create(shopper, { order_id: orderId, account_id: accountId, amount: 1000 });
    const intent = await journey.stripe(`/payment_intents/${made.body.data.transaction_id}`, accountId);
    expect(intent.application_fee_amount).toBe(70);
  });

  it("tells what Stripe says against the amount", async () => {
    const body = { order_id: newOrderId(), account_id: accountId, amount: 20, currency: "ngn" };
    const answer = await shop.create(shopper, body);
    expect([answer.status, answer.body.code]).toEqual([422, "amount_refused"]);
    expect(answer.body.details.message).toMatch(
      /^An error occurred while creating the payment intent\.Request req_\w+: /,
    );
    expect(Object.keys(answer.body.details.errors)).toEqual(["amount"]);
    // A corrected request is allowed afterwards.
    expect((await shop.create(shopper, { ...body, amount: 50_000 })).status).toBe(201);
  });

  it("does not take a misspelt or an empty member for one that was left out", async () => {
    const orderId = newOrderId();
    await shop.ask(shopper, "PUT", `/orders/${orderId}`, { amount: 1000, account_id: accountId });
    for (const wrong of [{ amount: null }, { account_id: "" }, { currency: " " }, { captureMethod: "manual" }]) {
      const answer = await shop.create(shopper, { order_id: orderId, ...wrong });
      expect([answer.status, Object.keys(answer.body.details.errors)]).toEqual([422, Object.keys(wrong)]);
    }
    expect((await shop.create(shopper, { order_id: orderId })).status).toBe(201);
  });

  it("knows two ways of capturing", async () => {
    const answer = await shop.create(shopper, { order_id: newOrderId(), capture_method: "later" });
    expect([answer.status, answer.body.details.errors]).toEqual([
      422,
      { capture_method: ["capture_method must be one of: automatic, manual"] },
    ]);
  });
});

describe("confirming", () => {
  it("may be tried again after a decline, and the transaction says why", async () => {
    const transaction = await started();
    await shop.confirm(transaction, { payment_method_id: "pm_card_visa_chargeDeclinedLostCard" });
    const declined = (await shop.view(transaction)).body.data;
    expect(declined.status).toBe("requires_payment_method");
    expect(declined.last_error).toMatchObject({ code: "card_declined", decline_code: "lost_card" });
    expect((await shop.confirm(transaction)).status).toBe(200);
    expect((await shop.view(transaction)).body.data).toMatchObject({ status: "succeeded", last_error: null });
  });

  it("remembers a decline under the key of its request", async () => {
    const transaction = await started();
    const key = { "Idempotency-Key": crypto.randomUUID() };
    const declining = { payment_method_id: "pm_card_chargeDeclined" };
    const first = await shop.confirm(transaction, declining, key);
    const second = await shop.confirm(transaction, declining, key);
    const { requestId: _, ...told } = first.body;
    expect([second.status, second.body]).toMatchObject([402, told]);
    expect(second.headers.get("Idempotent-Replayed")).toBe("true");
  });

  it("names the account that the transaction is on, not another of the developer's", async () => {
    const transaction = await started();
    const another = await shop.account();
    const answer = await shop.confirm({ ...transaction, accountId: another });
    expect([answer.status, Object.keys(answer.body.details.errors)]).toEqual([422, ["account_id"]]);
  });

  it.each(["http://shop.example.com/paid", "ftp://shop.example.com", "https://a:b@shop.example.com", "nonsense"])(
    "sends nobody back to %s",
    async (return_url) => {
      const answer = await shop.confirm(await started(), { return_url });
      expect([answer.status, Object.keys(answer.body.details.errors)]).toEqual([422, ["return_url"]]);
    },
  );

  it("sends the shopper back where it was told to", async () => {
    const transaction = await started();
    const answer = await shop.confirm(transaction, { return_url: "https://shop.example.com/paid" });
    expect(answer.status).toBe(200);
  });
});

describe("an outcome that nobody knows", () => {
  it("is said so, stands in the way of repeats, and is found out", async () => {
    const transaction = await started();
    await journey.fault("POST /v1/payment_intents/*/confirm", "timeout_after", 2);
    const lost = await shop.confirm(transaction);
    expect([lost.status, lost.body.error, lost.body.code]).toEqual([503, "Service Unavailable", "stripe_unavailable"]);
    expect(lost.headers.get("Retry-After")).not.toBeNull();

    expect((await shop.view(transaction)).body.data.status).toBe("unknown");
    const list = (status: string) =>
      shop.ask(shopper, "GET", `/transactions?order_id=${transaction.orderId}&status=${status}`);
    expect((await list("unknown")).body.data).toMatchObject([{ status: "unknown" }]);
    expect((await list("requires_payment_method")).body.data).toEqual([]);
    const again = await shop.confirm(transaction);
    expect([again.status, again.body.code]).toEqual([409, "payment_uncertain"]);

    await journey.advance(120);
    expect((await shop.view(transaction)).body.data.status).toBe("succeeded");
    expect((await list("succeeded")).body.meta.total_items).toBe(1);
  });

  it("has our id while Stripe's is not known", async () => {
    const orderId = newOrderId();
    const body = { order_id: orderId, account_id: accountId, amount: 1000 };
    await journey.fault("POST /v1/payment_intents", "timeout_after", 2);
    expect((await shop.create(shopper, body)).status).toBe(503);
    const { data } = (await shop.ask(shopper, "GET", `/transactions?order_id=${orderId}`)).body;
    expect(data).toMatchObject([{ transaction_id: expect.stringMatching(/^[0-9a-f-]{36}$/), status: "unknown" }]);
    const { transaction_id: ours } = data[0];
    expect((await shop.ask(shopper, "GET", `/transactions/${ours}`)).body.data.status).toBe("unknown");

    await journey.advance(120);
    const found = (await shop.ask(shopper, "GET", `/transactions/${ours}`)).body.data;
    expect(found).toMatchObject({ transaction_id: expect.stringMatching(/^pi_/), status: "requires_payment_method" });
    const again = await shop.create(shopper, body);
    expect([again.status, again.body.data.transaction_id]).toEqual([200, found.transaction_id]);
  });
});

describe("capturing and cancelling", () => {
  const capture = (transactionId: string, body: object = {}) =>
    shop.ask(shopper, "POST", `/transactions/${transactionId}/capture`, body);
  const cancel = (transactionId: string, body: object = {}) =>
    shop.ask(shopper, "POST", `/transactions/${transactionId}/cancel`, body);

  it("captures a part, once", async () => {
    const { transactionId } = await paid({ capture_method: "manual" });
    const tooMuch = await capture(transactionId, { amount_to_capture: 1001 });
    expect([tooMuch.status, Object.keys(tooMuch.body.details.errors)]).toEqual([422, ["amount_to_capture"]]);
    const captured = await capture(transactionId, { amount_to_capture: "400" });
    expect(captured.status).toBe(200);
    expect(captured.body.data).toMatchObject({ status: "succeeded", amount: "1000", amount_captured: "400" });
    expect(captured.body.meta).toEqual({ message: "Payment captured successfully", status_code: 200 });
    const again = await capture(transactionId);
    expect([again.status, again.body.code]).toEqual([409, "state_wrong"]);
  });

  it("captures nothing that was not authorised", async () => {
    const { transactionId } = await started();
    expect((await capture(transactionId)).status).toBe(409);
  });

  it("cancels what has brought no money", async () => {
    const { transactionId } = await paid({ capture_method: "manual" });
    const canceled = await cancel(transactionId, { reason: "Sold out" });
    expect([canceled.status, canceled.body.data.status]).toEqual([200, "canceled"]);
    const succeeded = await paid();
    expect((await cancel(succeeded.transactionId)).status).toBe(409);
  });
});

describe("viewing", () => {
  it("shows the documented members first, and no secret of a transaction that is over", async () => {
    const { transactionId, orderId } = await paid();
    const { body } = await shop.ask(shopper, "GET", `/transactions/${transactionId}`);
    expect(Object.keys(body.data).slice(0, 8)).toEqual([
      "transaction_id",
      "user_id",
      "order_id",
      "payment_method_id",
      "app_id",
      "developer_id",
      "amount",
      "status",
    ]);
    expect(body.data).toMatchObject({
      transaction_id: transactionId,
      order_id: orderId,
      user_id: shopper.userId,
      amount: "1000",
      currency: "usd",
      status: "succeeded",
      client_secret: null,
    });
  });

  it("hides another shopper's", async () => {
    const { transactionId } = await paid();
    const answer = await shop.ask(await shop.shopper(), "GET", `/transactions/${transactionId}`);
    expect([answer.status, answer.body.details]).toEqual([404, { message: "Transaction not found" }]);
  });
});
