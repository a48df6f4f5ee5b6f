import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { createApp } from "../../../src/app";
import { identity, newOrderId, Shop, type Transaction } from "../../shop";
import { callRaw, journey } from "../checked";

/** Tests of the reference's mistakes (src/guides/differences.md). */

let shop: Shop;
let accountId: string;
let foreign: Shop;
let foreignAccount: string;

beforeAll(async () => {
  shop = await Shop.open(journey);
  accountId = await shop.account();
  foreign = await Shop.open(journey);
  foreignAccount = await foreign.account();
});

const started = (body: object = {}) => shop.started(body, { accountId });
const paid = (body: object = {}) => shop.paid(body, { accountId });
const statusOf = async (transaction: Transaction) => (await shop.view(transaction)).body.data.status;

describe("confirm asks who confirms", () => {
  it("lets no anonymous caller and no other shopper confirm", async () => {
    const transaction = await started();
    const body = {
      transaction_id: transaction.transactionId,
      payment_method_id: "pm_card_visa",
      account_id: accountId,
    };
    const anonymous = await journey.call("POST", "/api/v1/transactions/confirm", { body });
    expect(anonymous.status).toBe(400);
    const another = await shop.shopper();
    expect((await shop.confirm({ ...transaction, shopper: another })).status).toBe(404);
    const stranger = await foreign.shopper();
    expect((await shop.confirm({ ...transaction, shopper: stranger })).status).toBe(401);
    const ownAccount = { ...transaction, shopper: stranger, accountId: foreignAccount };
    expect((await shop.confirm(ownAccount)).status).toBe(404);
    expect(await statusOf(transaction)).toBe("requires_payment_method");
  });
});

describe("the list is the app's", () => {
  it("shows an app its own, newest first, and an empty one to who has none", async () => {
    const lonely = await Shop.open(journey);
    const shopper = await lonely.shopper();
    const empty = await lonely.ask(shopper, "GET", "/transactions");
    expect([empty.status, empty.body.data, empty.body.meta.total_items]).toEqual([200, [], 0]);
    expect(empty.body.meta.message).toBe("Transactions retrieved successfully");

    const account = await lonely.account();
    const world = { shopper, accountId: account };
    const first = await lonely.started({}, world);
    const second = await lonely.started({}, world);
    const { body } = await lonely.ask(shopper, "GET", "/transactions");
    const ids = body.data.map((one: { transaction_id: string }) => one.transaction_id);
    expect(ids).toEqual([second.transactionId, first.transactionId]);
    expect((await lonely.ask({ ...shopper, token: "" }, "GET", "/transactions")).status).toBe(401);
  });
});

describe("a connected account is its developer's", () => {
  const routes: [string, string, (account: string) => object][] = [
    ["PUT", `/orders/${newOrderId()}`, (account_id) => ({ amount: 1000, account_id })],
    ["POST", "/transactions", (account_id) => ({ order_id: newOrderId(), amount: 1000, account_id })],
    [
      "POST",
      "/transactions/confirm",
      (account_id) => ({ transaction_id: "pi_x", payment_method_id: "pm_card_visa", account_id }),
    ],
    ["POST", "/refunds", (account_id) => ({ order_id: newOrderId(), account_id })],
    ["POST", "/connected-accounts/onboarding", (account_id) => ({ account_id })],
    ["POST", "/connected-accounts/login", (account_id) => ({ account_id })],
  ];

  it.each(routes)("%s %s", async (method, path, body) => {
    const shopper = await shop.shopper();
    for (const account of [foreignAccount, "acct_unknown", "nonsense"]) {
      const answer = await shop.ask(shopper, method, path, body(account));
      expect([answer.status, answer.body.detail]).toEqual([401, "Not the Owner of account"]);
    }
  });
});

describe("the order says what it costs", () => {
  it("takes the amount from the order, and no other beside it", async () => {
    const shopper = await shop.shopper();
    const orderId = newOrderId();
    await shop.ask(shopper, "PUT", `/orders/${orderId}`, { amount: "2500", account_id: accountId });
    const other = await shop.create(shopper, { order_id: orderId, amount: 50 });
    expect([other.status, other.body.code]).toEqual([422, "terms_differ"]);
    expect(other.body.details.errors).toEqual({ amount: ["amount does not match the order"] });
    const made = await shop.create(shopper, { order_id: orderId });
    expect(made.status).toBe(201);
    const intent = await journey.stripe(`/payment_intents/${made.body.data.transaction_id}`, accountId);
    expect([intent.amount, intent.currency]).toEqual([2500, "usd"]);
  });

  it("asks for both where there is no order", async () => {
    const answer = await shop.create(await shop.shopper(), { order_id: newOrderId() });
    expect([answer.status, answer.body.code]).toEqual([422, "terms_missing"]);
    expect(answer.body.details).toEqual({
      message: "amount is required",
      errors: { amount: ["amount is required"], account_id: ["account_id is required"] },
    });
  });
});

describe("a refund is of what the order has paid", () => {
  it("finds the paid transaction, the caller's, and no other", async () => {
    const orderId = newOrderId();
    const shopper = await shop.shopper();
    const given = { order_id: orderId };
    const canceled = await shop.started(given, { shopper, accountId });
    await shop.ask(shopper, "POST", `/transactions/${canceled.transactionId}/cancel`, {});
    const unpaid = await shop.refund({ ...canceled, orderId });
    expect([unpaid.status, unpaid.body.code]).toEqual([409, "nothing_refundable"]);

    const transaction = { ...(await shop.paid(given, { shopper, accountId })), orderId };
    // The same order name of another developer.
    const namesake = await foreign.paid(given, { accountId: foreignAccount });
    const refund = await shop.refund(transaction);
    expect([refund.status, refund.body.data.transaction_id]).toEqual([200, transaction.transactionId]);
    expect((await foreign.view(namesake)).body.data.amount_refunded).toBe("0");
    const another = await shop.refund({ ...transaction, shopper: await shop.shopper() });
    expect(another.status).toBe(404);
  });
});

describe("one live transaction for an order", () => {
  it("answers the first again, and makes one PaymentIntent of many requests at once", async () => {
    const shopper = await shop.shopper();
    const body = { order_id: newOrderId(), account_id: accountId, amount: 1000 };
    const answers = await Promise.all(Array.from({ length: 5 }, () => shop.create(shopper, body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 201]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body.data))).size).toBe(1);
    const { data } = await journey.stripe("/payment_intents?limit=100", accountId);
    const ofOrder = data.filter((one: { metadata: Record<string, string> }) => one.metadata.order_id === body.order_id);
    expect(ofOrder).toHaveLength(1);
  });

  it("refuses another one beside it", async () => {
    const transaction = await started();
    const body = { order_id: transaction.orderId, account_id: accountId, amount: 2000 };
    const other = await shop.create(transaction.shopper, body);
    expect([other.status, other.body.code]).toEqual([409, "payment_exists"]);
    const another = await shop.create(await shop.shopper(), { ...body, amount: 1000 });
    expect(another.status).toBe(409);
  });
});

describe("nobody pays an order by naming it at Stripe", () => {
  it("believes the row, not the metadata", async () => {
    const transaction = await started();
    const { metadata } = await journey.stripe(`/payment_intents/${transaction.transactionId}`, accountId);
    const forged = await journey.stripePost(
      "/payment_intents",
      {
        amount: 50,
        currency: "usd",
        payment_method: "pm_card_visa",
        "automatic_payment_methods[enabled]": "true",
        "automatic_payment_methods[allow_redirects]": "never",
        confirm: "true",
        ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`metadata[${name}]`, String(value)])),
      },
      foreignAccount,
    );
    expect(forged).toMatchObject({ status: "succeeded" });
    await journey.advance(60);
    expect(await statusOf(transaction)).toBe("requires_payment_method");
    const { body } = await shop.ask(transaction.shopper, "GET", `/transactions?order_id=${transaction.orderId}`);
    expect(body.meta.total_items).toBe(1);
  });
});

describe("confirmed is what Stripe confirmed", () => {
  it("says that the shopper must act, and with what", async () => {
    const transaction = await started();
    const answer = await shop.confirm(transaction, { payment_method_id: "pm_card_authenticationRequired" });
    expect(answer.status).toBe(200);
    expect(answer.body.data).toMatchObject({
      message: "Payment requires action",
      status: "requires_action",
      client_secret: expect.stringContaining(transaction.transactionId),
      next_action: { type: expect.any(String) },
    });
    expect(answer.body.meta.message).toBe("Payment requires action");
  });

  it("confirms what is authorised", async () => {
    const transaction = await started({ capture_method: "manual" });
    const { body } = await shop.confirm(transaction);
    expect(body.data).toEqual({
      message: "Payment confirmed successfully",
      status_code: 200,
      account_id: accountId,
      status: "requires_capture",
    });
  });
});

describe("a mistake of the client's is not a fault of ours", () => {
  const begins = "An error occurred while confirming the payment intent";
  const ends = " Check if the payment method is valid, and also check if you havecompleted the onboarding process";

  it("confirmed already: 409, with the documented text", async () => {
    const { status, body } = await shop.confirm(await paid());
    expect([status, body.code]).toEqual([409, "state_wrong"]);
    expect(body.detail.startsWith(begins) && body.detail.endsWith(ends)).toBe(true);
    expect(body.detail).toContain("already succeeded");
  });

  it("confirmed again by the same request: the stored answer", async () => {
    const transaction = await started();
    const key = { "Idempotency-Key": crypto.randomUUID() };
    const first = await shop.confirm(transaction, {}, key);
    const second = await shop.confirm(transaction, {}, key);
    expect([second.status, second.body]).toEqual([200, first.body]);
  });

  it("declined: 402, with the bank's reason", async () => {
    const declined = await shop.confirm(await started(), {
      payment_method_id: "pm_card_visa_chargeDeclinedInsufficientFunds",
    });
    expect(declined.status).toBe(402);
    expect(declined.body).toEqual({
      detail: expect.stringMatching(/^An error occurred .*Your card has insufficient funds\..*onboarding process$/),
      code: "card_declined",
      stripe_code: "card_declined",
      decline_code: "insufficient_funds",
      requestId: declined.headers.get("Request-Id"),
    });
  });

  it("a field missing: 422, and every one of them is named", async () => {
    const answer = await shop.ask(await shop.shopper(), "POST", "/transactions/confirm", {});
    expect(answer.status).toBe(422);
    expect(answer.body.details).toEqual({
      message: "transaction_id is required",
      errors: {
        transaction_id: ["transaction_id is required"],
        payment_method_id: ["payment_method_id is required"],
        account_id: ["account_id is required"],
      },
    });
  });

  it("no such transaction: 404; no such method: 422", async () => {
    const transaction = await started();
    const unknown = await shop.confirm({ ...transaction, transactionId: "pi_unknown" });
    expect([unknown.status, unknown.body.details]).toEqual([404, { message: "Transaction not found" }]);
    const method = await shop.confirm(transaction, { payment_method_id: "pm_unknown" });
    expect([method.status, method.body.code]).toEqual([422, "method_refused"]);
    expect(Object.keys(method.body.details.errors)).toEqual(["payment_method_id"]);
  });
});

describe("what is documented for e-mails", () => {
  it("400 without one, 409 for one that is taken", async () => {
    const headers = { "X-Developer-Token": shop.token };
    const open = (body: object) => journey.call("POST", "/api/v1/connected-accounts", { headers, body });
    const missing = await open({});
    const text = "Invalid request body. 'email' field is required.";
    expect([missing.status, missing.body.detail]).toEqual([400, text]);
    const email = `seller-${crypto.randomUUID()}@example.com`;
    await open({ email });
    const taken = await open({ email });
    expect([taken.status, taken.body.detail]).toEqual([409, "An account with this email already exists."]);
  });
});

describe("the app and the user are named in headers", () => {
  it("tells which is missing, the app first", async () => {
    const shopper = await shop.shopper();
    const { "X-App-ID": appId, ...others } = identity(shopper);
    const app = await callRaw("POST", `/api/v1/refunds?app_id=${appId}`, { headers: others, body: "{}" });
    expect([app.status, app.body.details.message]).toEqual([400, "Provide app_id in the header"]);
    const { "X-User-ID": _, ...withoutUser } = identity(shopper);
    const user = await callRaw("POST", "/api/v1/refunds", { headers: withoutUser, body: "{}" });
    expect(user.text).toMatch(/^\{"detail":"Please provide a valid user token in the header"/);
    expect(user.status).toBe(401);
    const nobody = await callRaw("POST", "/api/v1/refunds", { body: "{}" });
    expect(nobody.status).toBe(400);
  });
});

describe("not found is said so", () => {
  it("names the order", async () => {
    const orderId = newOrderId();
    const answer = await shop.refund({ shopper: await shop.shopper(), orderId, accountId, transactionId: "" });
    expect(answer.status).toBe(404);
    expect(answer.body.details.message).toBe(`Transaction with order_id ${orderId} not found.`);
  });
});

describe("messages are whole", () => {
  it("also after a colon", async () => {
    const { body } = await shop.confirm(await started(), { payment_method_id: "pm_unknown" });
    expect(body.details.message).toMatch(/^An error occurred .*: No such PaymentMethod: 'pm_unknown'.*process$/);
    const orderId = `a: b: ${newOrderId()}`;
    const refund = await shop.refund({ shopper: await shop.shopper(), orderId, accountId, transactionId: "" });
    expect(refund.body.details.message).toBe(`Transaction with order_id ${orderId} not found.`);
  });
});

describe("the status is a probe", () => {
  it("has the documented members, and counts the database", async () => {
    const { body, headers } = await callRaw("GET", "/api/v1/status");
    const documented = ["status", "service", "timestamp", "base_url", "database_status"];
    expect(Object.keys(body)).toEqual([...documented, "last_sweep", "oldest_due"]);
    expect(body).toMatchObject({ base_url: "http://localhost:8787/api/v1", database_status: "connected" });
    expect(body.timestamp).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/);
    expect(headers.get("Accord-Cost")).toMatch(/^d1=1;/);
  });
});

describe("the time has both of its names", () => {
  it("misspelt and right", async () => {
    const { body } = await callRaw("GET", "/api/v1");
    expect(Object.keys(body)).toEqual([
      "message",
      "version",
      "timpstamp",
      "timestamp",
      "starter_endpoints",
      "documentation",
    ]);
    expect(body.timpstamp).toBe(body.timestamp);
    expect(body.starter_endpoints.request_refund).toBe("/api/v1/refunds");
    expect((await callRaw("GET", new URL(body.documentation).pathname)).body.openapi).toBe("3.1.0");
  });
});

describe("a foreign account is an unknown one", () => {
  it.each(["GET", "DELETE"])("%s answers the same", async (method) => {
    const headers = { "X-Developer-Token": shop.token, "Request-Id": "request-0001" };
    const ask = (id: string) => callRaw(method, `/api/v1/connected-accounts/${id}`, { headers });
    const [taken, unknown] = [await ask(foreignAccount), await ask("acct_unknown")];
    expect([taken.status, taken.text]).toEqual([unknown.status, unknown.text]);
    expect([taken.status, taken.body.detail]).toEqual([401, "Not the Owner of account"]);
  });
});

describe("who cannot be looked up is not refused for it", () => {
  it("is answered with 503 and Retry-After", async () => {
    const broken = {
      prepare: () => ({ bind: () => ({}) }),
      batch: async () => Promise.reject(new Error("D1 is down")),
    };
    const headers = identity(await shop.shopper());
    const answer = await createApp().fetch(new Request("http://localhost/api/v1/transactions", { headers }), {
      ...env,
      DB: broken,
    });
    expect([answer.status, answer.headers.get("Retry-After")]).toEqual([503, "10"]);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ error: "Service Unavailable", code: "unavailable" });
    expect(text).not.toContain("D1");
  });
});
