import Stripe from "stripe";
import { afterEach, describe, expect, it } from "vitest";
import { advance, connect, control, onboarded, paid } from "./sandbox";

const stripe = connect();

afterEach(() => control("POST", "reset"));

/** Makes one transfer under a key, and counts the emulator's transfers afterwards. */
async function send(idempotencyKey: string, amount = 100, client = stripe) {
  const { data } = await client.accounts.list();
  const [charge] = (await client.charges.list()).data;
  return client.transfers.create(
    { amount, currency: "eur", destination: data[0]?.id ?? "", ...(charge && { source_transaction: charge.id }) },
    { idempotencyKey },
  );
}

async function prepare() {
  await onboarded(stripe);
  await paid(stripe);
}

async function transfers(): Promise<number> {
  return (await stripe.transfers.list({ limit: 100 })).data.length;
}

/** With the fetch client the SDK hands out the response itself, whatever its type says. */
function replayed({ lastResponse }: Stripe.Response<Stripe.Transfer>): string | null {
  return (lastResponse as unknown as Response).headers.get("Idempotent-Replayed");
}

describe("faults", () => {
  it.each([
    ["timeout_before", Stripe.errors.StripeConnectionError, 0],
    ["reset", Stripe.errors.StripeConnectionError, 0],
    ["500", Stripe.errors.StripeAPIError, 0],
    ["429", Stripe.errors.StripeRateLimitError, 0],
    ["timeout_after", Stripe.errors.StripeConnectionError, 1],
    ["truncated", Stripe.errors.StripeConnectionError, 1],
  ])("%s breaks one call; the same key then gives one transfer", async (kind, error, done) => {
    await prepare();
    await control("POST", "faults", { match: "POST /v1/transfers", kind, times: 1 });
    await expect(send("k-1")).rejects.toBeInstanceOf(error);
    expect(await transfers()).toBe(done);
    expect((await control("GET", "faults")).faults).toMatchObject([{ kind, times: 0, fired: 1 }]);
    const again = await send("k-1");
    expect([again.object, await transfers()]).toEqual(["transfer", 1]);
    expect(replayed(again)).toBe(done === 1 ? "true" : null);
  });

  it.each([
    ["500_stored", 0],
    ["500_after", 1],
  ])("%s is replayed under its key until the key is forgotten", async (kind, done) => {
    await prepare();
    await control("POST", "faults", { match: "POST /v1/transfers", kind });
    await expect(send("k-1")).rejects.toBeInstanceOf(Stripe.errors.StripeAPIError);
    await expect(send("k-1")).rejects.toMatchObject({ statusCode: 500, headers: { "idempotent-replayed": "true" } });
    expect(await transfers()).toBe(done);
    await advance(24 * 3600 + 1);
    await send("k-1");
    expect(await transfers()).toBe(done + 1);
  });

  it("reach reads, paths with a star, and the application only", async () => {
    await control("POST", "faults", { match: "GET /v1/charges/*", kind: "500", times: 2 });
    await expect(stripe.charges.list()).resolves.toMatchObject({ data: [] });
    await expect(stripe.charges.retrieve("ch_1")).rejects.toMatchObject({ statusCode: 500 });
    await control("DELETE", "faults");
    await expect(stripe.charges.retrieve("ch_1")).rejects.toMatchObject({ statusCode: 404, code: "resource_missing" });
    expect((await control("POST", "faults", { match: "/v1/transfers", kind: "500" })).status).toBe(400);
    expect((await control("POST", "faults", { match: "POST /v1/transfers", kind: "flood" })).status).toBe(400);
  });

  it("a hanging request holds nobody else up", async () => {
    await prepare();
    await control("POST", "faults", { match: "POST /v1/transfers", kind: "timeout_before" });
    const hanging = send("k-1").catch((error: unknown) => error);
    const started = Date.now();
    await stripe.balance.retrieve();
    expect(Date.now() - started).toBeLessThan(300);
    expect(await hanging).toBeInstanceOf(Stripe.errors.StripeConnectionError);
  });
});

describe("idempotency keys", () => {
  it("replay the stored answer, and refuse other parameters or another endpoint", async () => {
    await prepare();
    const first = await send("k-1");
    const second = await send("k-1");
    expect([second.id, replayed(second)]).toEqual([first.id, "true"]);
    await expect(send("k-1", 200)).rejects.toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
    await expect(stripe.accounts.create({}, { idempotencyKey: "k-1" })).rejects.toMatchObject({ statusCode: 400 });
    expect(await transfers()).toBe(1);
  });

  it("keep a refusal that was executed, and none of parameters that fail validation", async () => {
    await prepare();
    await expect(send("k-1", 99_999)).rejects.toMatchObject({ param: "amount" });
    await expect(send("k-1", 99_999)).rejects.toMatchObject({ headers: { "idempotent-replayed": "true" } });
    await expect(send("k-2", -5)).rejects.toMatchObject({ code: "parameter_invalid_integer" });
    expect((await send("k-2")).object).toBe("transfer");
  });

  it("answer 409 while the first request is in flight", async () => {
    await prepare();
    await control("POST", "faults", { match: "POST /v1/transfers", kind: "slow" });
    const patient = connect({ timeout: 3000 });
    const [first, second] = await Promise.allSettled([send("k-1", 100, patient), send("k-1", 100, patient)]);
    const outcomes = [first, second].map((one) => (one.status === "fulfilled" ? 200 : one.reason.statusCode)).sort();
    expect(outcomes).toEqual([200, 409]);
    expect(await transfers()).toBe(1);
  });

  it("belong to one account", async () => {
    await prepare();
    const [account] = (await stripe.accounts.list()).data;
    const options = { idempotencyKey: "k-1", ...(account && { stripeAccount: account.id }) };
    await send("k-1");
    await expect(stripe.payouts.create({ amount: 1, currency: "eur" }, options)).rejects.toMatchObject({
      code: "balance_insufficient",
    });
  });
});

describe("requests", () => {
  it("are refused without a test key, with another version, and with parameters that Stripe does not know", async () => {
    await expect(connect({ key: "sk_live_1" }).balance.retrieve()).rejects.toMatchObject({ statusCode: 401 });
    await expect(stripe.balance.retrieve({}, { apiVersion: "2024-06-20" })).rejects.toMatchObject({ statusCode: 400 });
    const unknown = { amount: 1, currency: "eur", destination: "acct_1", dest: "x" };
    await expect(stripe.transfers.create(unknown)).rejects.toMatchObject({ code: "parameter_unknown", param: "dest" });
    await expect(stripe.rawRequest("GET", "/v1/flying_carpets")).rejects.toMatchObject({ statusCode: 404 });
    await expect(stripe.balance.retrieve({}, { stripeAccount: "acct_none" })).rejects.toMatchObject({
      statusCode: 403,
    });
  });

  it("are written down with parameters, key and outcome", async () => {
    await prepare();
    await send("k-1");
    await send("k-1");
    const { requests } = await control("GET", "requests?match=POST%20/v1/transfers");
    expect(requests).toMatchObject([
      { source: "application", parameters: { amount: "100" }, idempotencyKey: "k-1", status: 200, replayed: false },
      { idempotencyKey: "k-1", status: 200, replayed: true },
    ]);
  });
});

describe("lists", () => {
  it("page both ways, and expand along data", async () => {
    for (let made = 0; made < 5; made += 1) {
      await paid(stripe);
    }
    const ids = (await stripe.charges.list({ limit: 100 })).data.map(({ id }) => id);
    const second = await stripe.charges.list({ limit: 2, starting_after: ids[1] ?? "" });
    expect([second.data.map(({ id }) => id), second.has_more]).toEqual([ids.slice(2, 4), true]);
    const before = await stripe.charges.list({ limit: 2, ending_before: ids[3] ?? "" });
    expect([before.data.map(({ id }) => id), before.has_more]).toEqual([ids.slice(1, 3), true]);
    expect(await stripe.charges.list({ limit: 2 }).autoPagingToArray({ limit: 10 })).toHaveLength(5);
    const expanded = await stripe.charges.list({
      limit: 1,
      expand: ["data.balance_transaction", "data.payment_intent"],
    });
    expect(expanded.data).toMatchObject([
      { balance_transaction: { type: "charge" }, payment_intent: { status: "succeeded" } },
    ]);
    await expect(stripe.charges.list({ expand: ["data.amount"] })).rejects.toMatchObject({ statusCode: 400 });
    await expect(stripe.charges.list({ limit: 101 })).rejects.toMatchObject({ statusCode: 400 });
  });
});
