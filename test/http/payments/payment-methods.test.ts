import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { Shop, type Shopper } from "../../shop";
import { journey } from "../checked";

let shop: Shop;
let accountId: string;
let foreign: Shop;
let foreignAccount: string;
let shopper: Shopper;

beforeAll(async () => {
  shop = await Shop.open(journey);
  accountId = await shop.account();
  foreign = await Shop.open(journey);
  foreignAccount = await foreign.account();
});
beforeEach(async () => {
  shopper = await shop.shopper();
});
afterEach(() => vi.restoreAllMocks());

const visa = { payment_method_id: "pm_card_visa" };
const path = (id: string) => `/payment-methods/${id}`;

describe("a method that is stored", () => {
  it("has the documented members first, in their order, and times in ISO 8601", async () => {
    const { status, body } = await shop.attach(shopper, { ...visa, preferred: true });
    expect(status).toBe(201);
    expect(Object.keys(body)).toEqual(["data", "meta", "links"]);
    expect(Object.keys(body.data).slice(0, 7)).toEqual([
      "payment_method_id",
      "type",
      "preferred",
      "id",
      "created_at",
      "updated_at",
      "is_active",
    ]);
    expect(body.data).toMatchObject({
      payment_method_id: expect.stringMatching(/^pm_\w{20,}$/),
      type: "card",
      preferred: true,
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      is_active: true,
      account_id: null,
      brand: "visa",
      last4: "4242",
      exp_month: 12,
      exp_year: 2034,
    });
    expect(body.meta).toEqual({ status_code: 201 });
    expect(body.links).toEqual({ self: "http://localhost:8787/api/v1/payment-methods" });
  });

  it("is the same when its card comes again, and says so with 200", async () => {
    const first = await shop.attach(shopper, visa);
    const again = await shop.attach(shopper, { payment_method_id: "tok_visa", type: "token" });
    expect([again.status, again.body.meta]).toEqual([200, { status_code: 200 }]);
    expect(again.body.data).toEqual(first.body.data);
  });

  it("is read, listed page by page, preferred and removed", async () => {
    for (const brand of ["visa", "amex", "mastercard"]) {
      await shop.attach(shopper, { payment_method_id: `pm_card_${brand}` });
    }
    const all = (await shop.ask(shopper, "GET", "/payment-methods")).body;
    expect(all.data.map(({ brand }: { brand: string }) => brand)).toEqual(["mastercard", "amex", "visa"]);
    const page = (await shop.ask(shopper, "GET", "/payment-methods?limit=2")).body;
    expect([page.data, page.meta]).toEqual([all.data.slice(0, 2), { status_code: 200, has_more: true }]);
    const rest = (await shop.ask(shopper, "GET", page.links.next.split("/api/v1")[1])).body;
    expect([rest.data, rest.links.next]).toEqual([all.data.slice(2), null]);

    const { id } = all.data[1];
    expect((await shop.ask(shopper, "GET", path(id))).body.data).toEqual(all.data[1]);
    const preferred = await shop.ask(shopper, "PATCH", path(id), { preferred: true });
    expect([preferred.status, preferred.body.data.preferred]).toEqual([200, true]);
    expect((await shop.ask(shopper, "PATCH", path(id), { preferred: false })).status).toBe(422);
    const removed = await shop.ask(shopper, "DELETE", path(id));
    expect([removed.status, removed.body]).toEqual([204, ""]);
    expect((await shop.ask(shopper, "DELETE", path(id))).status).toBe(204);
    for (const method of ["GET", "PATCH"]) {
      const body = method === "PATCH" ? { preferred: true } : undefined;
      const answer = await shop.ask(shopper, method, path(id), body);
      expect([answer.status, answer.body.code]).toEqual([404, "method_unknown"]);
    }
  });

  it("is stored on the account that is named", async () => {
    const { body } = await shop.attach(shopper, { ...visa, account_id: accountId });
    expect(body.data.account_id).toBe(accountId);
    const method = await journey.stripe(`/payment_methods/${body.data.payment_method_id}`, accountId);
    const customer = await journey.stripe(`/customers/${method.customer}`, accountId);
    expect(customer.metadata).toEqual({ user_id: shopper.userId });
  });

  it("is stored once under one key", async () => {
    const key = { "Idempotency-Key": "attach-1" };
    const first = await shop.attach(shopper, visa, key);
    const second = await shop.attach(shopper, visa, key);
    expect([second.status, second.body]).toEqual([201, first.body]);
    expect(second.headers.get("Idempotent-Replayed")).toBe("true");
    const other = await shop.attach(shopper, { payment_method_id: "pm_card_amex" }, key);
    expect([other.status, other.body.code]).toEqual([422, "idempotency_key_reused"]);
  });
});

describe("what is refused", () => {
  it.each([
    ["nothing at all", { type: undefined }, "payment_method_id"],
    ["no type", { ...visa, type: undefined }, "type"],
    ["another type", { ...visa, type: "bank" }, "type"],
    ["a token as a card", { payment_method_id: "tok_visa" }, "payment_method_id"],
    ["a card as a token", { ...visa, type: "token" }, "payment_method_id"],
    ["another kind of id", { payment_method_id: "src_123" }, "payment_method_id"],
    ["a path in place of an id", { payment_method_id: "pm_x/../../customers" }, "payment_method_id"],
    ["a number in place of an id", { payment_method_id: 7 }, "payment_method_id"],
    ["a text in place of a boolean", { ...visa, preferred: "yes" }, "preferred"],
    ["an id that is too long", { payment_method_id: `pm_${"x".repeat(300)}` }, "payment_method_id"],
  ])("%s", async (_, body, input) => {
    const answer = await shop.attach(shopper, body);
    expect(answer.status).toBe(422);
    expect(Object.keys(answer.body.details.errors)).toContain(input);
    expect(answer.body.details.message).not.toContain("undefined");
  });

  it.each(["foreign", "unknown"])("an account that is %s", async (which) => {
    const named = which === "foreign" ? foreignAccount : "acct_unknown";
    const answer = await shop.attach(shopper, { ...visa, account_id: named });
    expect([answer.status, answer.body.detail]).toEqual([401, "Not the Owner of account"]);
  });

  it("another shopper's, app's and developer's method, whatever is asked of it", async () => {
    const { body } = await shop.attach(shopper, visa);
    const others: [Shop, Shopper][] = [
      [shop, await shop.shopper()],
      [foreign, await foreign.shopper()],
    ];
    for (const [theirs, stranger] of others) {
      for (const id of [body.data.id, body.data.payment_method_id]) {
        for (const [method, sent] of [["GET"], ["PATCH", { preferred: true }], ["DELETE"]] as const) {
          const answer = await theirs.ask(stranger, method, path(id), sent);
          expect([answer.status, answer.body.code]).toEqual([404, "method_unknown"]);
        }
      }
      const attached = await theirs.attach(stranger, { payment_method_id: body.data.payment_method_id });
      expect([attached.status, attached.body.code]).toEqual([404, "method_unknown"]);
      expect((await theirs.ask(stranger, "GET", "/payment-methods")).body.data).toEqual([]);
    }
    expect((await shop.ask(shopper, "GET", path(body.data.id))).status).toBe(200);
  });
});

describe("card numbers", () => {
  const number = "4242424242424242";
  const spaced = "4242 4242 4242 4242";

  it.each([
    ["as Stripe's own form has it", { type: "card", card: { number, exp_month: 12, exp_year: 2034, cvc: "123" } }],
    ["with spaces", { ...visa, note: spaced }],
    ["as a number", { ...visa, card: { number: Number(number) } }],
    ["in a list", { ...visa, cards: [{ pan: "378282246310005" }] }],
  ])("%s are refused, and neither logged, answered nor stored", async (_, body) => {
    const lines: string[] = [];
    for (const level of ["info", "warn", "error"] as const) {
      vi.spyOn(console, level).mockImplementation((...parts: unknown[]) => void lines.push(JSON.stringify(parts)));
    }
    const answer = await shop.attach(shopper, body, { "Idempotency-Key": "pan" });
    expect(answer.status).toBe(422);
    expect(answer.body.details.message).toContain("must not hold a card number");
    for (const text of [JSON.stringify(answer.body), ...lines]) {
      expect(text.replace(/\b[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}\b/g, "")).not.toMatch(/\d(?:[ -]?\d){12,18}/);
    }
    expect(lines.some((line) => line.includes("/payment-methods"))).toBe(true);
  });
});

describe("what is stored can pay", () => {
  const confirm = async (methodId: string, on = accountId) => {
    const transaction = await shop.started({}, { shopper, accountId: on });
    return shop.confirm(transaction, { payment_method_id: methodId });
  };

  it("a platform's method pays on any account, again and again, by either id", async () => {
    const { data } = (await shop.attach(shopper, visa)).body;
    const another = await shop.account();
    for (const [id, account] of [
      [data.payment_method_id, accountId],
      [data.id, accountId],
      [data.payment_method_id, another],
    ]) {
      const answer = await confirm(id, account);
      expect([answer.status, answer.body.data?.status]).toEqual([200, "succeeded"]);
    }
  });

  it("an account's method pays there, and nowhere else", async () => {
    const { data } = (await shop.attach(shopper, { ...visa, account_id: accountId })).body;
    for (const id of [data.payment_method_id, data.id]) {
      expect((await confirm(id)).body.data).toMatchObject({ status: "succeeded" });
    }
    const elsewhere = await confirm(data.id, await shop.account());
    expect([elsewhere.status, elsewhere.body.code]).toEqual([404, "method_unknown"]);
  });

  it("a card that came twice pays under both of its ids", async () => {
    const { data } = (await shop.attach(shopper, visa)).body;
    const second = await journey.stripePost("/payment_methods", { type: "card", "card[token]": "tok_visa" });
    expect((await shop.attach(shopper, { payment_method_id: second.id })).body.data.id).toBe(data.id);
    expect((await confirm(second.id)).body.data).toMatchObject({ status: "succeeded" });
  });

  it("neither another shopper's nor a removed one pays", async () => {
    const { data } = (await shop.attach(shopper, visa)).body;
    const owner = shopper;
    shopper = await shop.shopper();
    for (const id of [data.payment_method_id, data.id]) {
      const answer = await confirm(id);
      expect([answer.status, answer.body.code]).toEqual([404, "method_unknown"]);
    }
    shopper = owner;
    await shop.ask(shopper, "DELETE", path(data.id));
    for (const id of [data.payment_method_id, data.id]) {
      expect([404, 422]).toContain((await confirm(id)).status);
    }
  });
});

it("logs hold neither tokens nor what Stripe gave for a card", async () => {
  const lines: string[] = [];
  for (const level of ["info", "warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation((...parts: unknown[]) => void lines.push(JSON.stringify(parts)));
  }
  const { data } = (await shop.attach(shopper, { payment_method_id: "tok_visa", type: "token" })).body;
  await shop.attach(shopper, { payment_method_id: "pm_nobody" });
  await journey.fault("POST /v1/payment_methods/*/attach", "429", 1);
  await shop.attach(shopper, { payment_method_id: "pm_card_amex" });
  await shop.ask(shopper, "DELETE", path(data.id));
  expect(lines.length).toBeGreaterThan(4);
  const all = lines.join("\n");
  for (const secret of [shopper.token, "tok_visa", "pm_", "cus_"]) expect(all).not.toContain(secret);
});
