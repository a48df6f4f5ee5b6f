import { env, exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { type Answer, checkoutBody, Journey } from "../journey";
import { rows } from "../operations/rows";
import { expectBooksInOrder, outcomeOf } from "../outcome";
import { Shop } from "../shop";

const journey = new Journey((request) => exports.default.fetch(request));

beforeEach(() => journey.reset());

type Ask = (by: Journey, headers: Record<string, string>) => Promise<Answer>;

/**
 * Sends a request with a key, and hangs up while it waits for Stripe. Waits until no key is reserved and the request
 * does not run any more; the clock stands still, so the sweep has no part in it. Returns the answer to the repeated
 * request.
 */
async function hangUp(match: string, ask: Ask): Promise<Answer> {
  const headers = { "Idempotency-Key": crypto.randomUUID() };
  const client = new AbortController();
  const impatient = new Journey(async (request) => {
    const { signal } = client;
    return (await env.SELF.fetch(new Request(request, { signal }) as never)) as unknown as Response;
  });
  await journey.fault(match, "timeout_after", 1);
  const asked = ask(impatient, headers).catch(String);
  await expect.poll(hasFired, { interval: 2, timeout: 5_000 }).toBe(true);
  client.abort();
  expect(await asked).toMatch(/abort/i);
  await expect.poll(underWay, { interval: 10, timeout: 5_000 }).toBe(0);
  let again = await ask(journey, headers);
  const isRunning = async () => {
    if (again.body?.code === "idempotency_key_running") again = await ask(journey, headers);
    return again.body?.code === "idempotency_key_running";
  };
  await expect.poll(isRunning, { interval: 50, timeout: 20_000 }).toBe(false);
  return again;
}

async function hasFired(): Promise<boolean> {
  const { faults } = (await journey.control("GET", "faults")).body;
  return faults.some(({ fired }: { fired: number }) => fired > 0);
}

async function underWay(): Promise<number> {
  return (await rows("select 1 from idempotency_keys where done_by is null")).length;
}

const replayed = ({ status, headers }: Answer) => [status, headers.get("Idempotent-Replayed")];

describe("a client that hangs up in the middle ends nothing:", () => {
  it("a checkout has its one page, and its key the answer", async () => {
    const offer = await journey.offerOnTable({ onboarded: false });
    const input = checkoutBody();
    const again = await hangUp("POST /v1/checkout/sessions", (by, key) => by.startCheckout(offer, input, key));
    expect(replayed(again)).toEqual([200, "true"]);
    expect((await outcomeOf(journey, offer)).sessions).toEqual(["open"]);
  });

  it("a confirmation that comes too early is refused, and its key is free", async () => {
    const session = await journey.checkout(await journey.offerOnTable({ onboarded: false }));
    const again = await hangUp("GET /v1/checkout/sessions/*", (by, key) => by.accept(session, key));
    expect(replayed(again)).toEqual([422, null]);
  });

  it("a payment is confirmed once, and its key has the answer", async () => {
    const shop = await Shop.open(journey);
    const started = await shop.started();
    await journey.events("drop");
    const again = await hangUp("POST /v1/payment_intents/*/confirm", (by, key) =>
      new Shop(by, shop).confirm(started, {}, key),
    );
    expect(replayed(again)).toEqual([200, "true"]);
    await expectBooksInOrder(journey);
  });

  it("a payment that the bank declines is declined, and its key says so", async () => {
    const shop = await Shop.open(journey);
    const started = await shop.started();
    await journey.events("drop");
    const declined = { payment_method_id: "pm_card_chargeDeclined" };
    const again = await hangUp("POST /v1/payment_intents/*/confirm", (by, key) =>
      new Shop(by, shop).confirm(started, declined, key),
    );
    expect(replayed(again)).toEqual([402, "true"]);
  });

  it("a refund is made once, and its key has the answer", async () => {
    const shop = await Shop.open(journey);
    const paid = await shop.paid();
    await journey.events("drop");
    const again = await hangUp("POST /v1/refunds", (by, key) => new Shop(by, shop).refund(paid, { amount: 400 }, key));
    expect(replayed(again)).toEqual([200, "true"]);
    const made = await journey.stripe(`/refunds?payment_intent=${paid.transactionId}`, paid.accountId);
    expect(made.data.map(({ amount }: { amount: number }) => amount)).toEqual([400]);
    await expectBooksInOrder(journey);
  });
});
