import { abortAllDurableObjects, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { journey } from "../http/checked";
import { type Answer, checkoutBody } from "../journey";
import { outcomeOf } from "../outcome";
import { Shop, type Transaction } from "../shop";
import { TransfersJourney } from "../transfers-journey";

const key = { "Idempotency-Key": "cut-off" };
/** The lease of an abandoned key, and a second. */
const leaseSeconds = 46;

beforeEach(() => journey.reset());
afterEach(async () => {
  await env.DB.exec("DROP TRIGGER IF EXISTS broken");
  expect((await journey.ledgerCheck()).ok).toBe(true);
});

/** Starts a request, and aborts every object once it waits for Stripe. */
async function cutOff(match: string, ask: () => Promise<Answer>): Promise<Answer> {
  await journey.fault(match, "timeout_after", 1);
  const asked = ask();
  const hasFired = async () => {
    const { faults } = (await journey.control("GET", "faults")).body;
    return faults.some(({ fired }: { fired: number }) => fired > 0);
  };
  await expect.poll(hasFired, { interval: 2, timeout: 5_000 }).toBe(true);
  await abortAllDurableObjects();
  return asked;
}

const told = ({ status, body, headers }: Answer) => [status, body.code ?? body.errorCode, headers.get("Retry-After")];
const busy = [503, "busy", "1"];
const running = [409, "idempotency_key_running", "1"];

/**
 * Expects that an interrupted request is not started again while it may still run, and is done once after the lease.
 */
async function expectOnce(match: string, ask: () => Promise<Answer>, status: number): Promise<Answer> {
  expect(told(await cutOff(match, ask))).toEqual(busy);
  expect(told(await ask())).toEqual(running);
  await journey.advance(leaseSeconds);
  const done = await ask();
  expect(done.status).toBe(status);
  const again = await ask();
  expect([again.status, again.headers.get("Idempotent-Replayed")]).toEqual([status, "true"]);
  expect(again.body).toEqual(done.body);
  return done;
}

describe("a request of the offers contract that a restart cuts off", () => {
  it("is accepting: accepted once", async () => {
    const session = await journey.paidOffer();
    await journey.events("drop");
    const accept = () => journey.accept(session, key);
    expect(told(await cutOff("GET /v1/checkout/sessions/*", accept))).toEqual(busy);
    // Nothing was written before, so nothing has to be waited for.
    const replayed = (answer: Answer) => [answer.status, answer.headers.get("Idempotent-Replayed")];
    expect(replayed(await accept())).toEqual([204, null]);
    expect(replayed(await accept())).toEqual([204, "true"]);
    expect(await journey.state(session)).toBe("accepted");
    expect(await outcomeOf(journey, session)).toMatchObject({ paidMinor: 18_090, refunds: [] });
  });

  it("is a checkout: one page", async () => {
    const offer = await journey.offerOnTable();
    const input = checkoutBody();
    await expectOnce("POST /v1/checkout/sessions", () => journey.startCheckout(offer, input, key), 200);
    expect((await outcomeOf(journey, offer)).sessions).toEqual(["open"]);
  });
});

describe("a request of the payments contract that a restart cuts off", () => {
  let shop: Shop;
  beforeEach(async () => {
    shop = await Shop.open(journey);
  });
  const refundsOf = async ({ transactionId, accountId }: Transaction) =>
    (await journey.stripe(`/refunds?payment_intent=${transactionId}`, accountId)).data;

  it("is a refund: one of two equal ones", async () => {
    const paid = await shop.paid();
    await journey.events("drop");
    await expectOnce("POST /v1/refunds", () => shop.refund(paid, { amount: 400 }, key), 200);
    expect((await refundsOf(paid)).map(({ amount }: { amount: number }) => amount)).toEqual([400]);
  });

  it("is a confirmation: paid once", async () => {
    const started = await shop.started();
    await journey.events("drop");
    await expectOnce("POST /v1/payment_intents/*/confirm", () => shop.confirm(started, {}, key), 200);
    expect((await shop.view(started)).body.data).toMatchObject({ status: "succeeded", amount_captured: "1000" });
  });

  it("and that carries no key can be repeated at once", async () => {
    const started = await shop.started();
    await journey.events("drop");
    expect(told(await cutOff("POST /v1/payment_intents/*/confirm", () => shop.confirm(started)))).toEqual(busy);
    await journey.advance(leaseSeconds);
    expect((await shop.view(started)).body.data.status).toBe("succeeded");
  });
});

describe("a request of the transfers contract", () => {
  const walk = new TransfersJourney(journey);
  const unavailable = [503, "SERVICE_UNAVAILABLE", "1"];

  it("that was counted by an object that went down moves nothing, and its key is free", async () => {
    const [sender, receiver] = [await walk.tenant(), await walk.tenant()];
    const limiter = env.LIMITER.get(env.LIMITER.idFromName(`initiate:${sender.id}`));
    const held = runInDurableObject(limiter, (_, state) =>
      state.blockConcurrencyWhile(() => scheduler.wait(20_000)),
    ).catch(() => "torn");
    const asked = walk.initiate(sender, receiver, {}, key);
    await scheduler.wait(50);
    await abortAllDurableObjects();
    expect(told(await asked)).toEqual(unavailable);
    expect(await held).toBe("torn");
    expect((await walk.initiate(sender, receiver, {}, key)).status).toBe(201);
    expect((await walk.must(sender, "GET", "/transactions/sent")).totalElements).toBe(1);
  });

  it.each([
    "D1 DB is overloaded. Too many requests queued.",
    "Network connection lost.",
    "D1 DB reset because its code was updated.",
    "D1 DB storage operation exceeded timeout which caused object to be reset.",
  ])("that the database drops is done once (%s)", async (words) => {
    const [sender, receiver] = [await walk.tenant(), await walk.tenant()];
    const transfer = await walk.initiated(sender, receiver);
    await breakJournal(words);
    expect(told(await walk.accept(receiver, transfer, key))).toEqual(unavailable);
    await env.DB.exec("DROP TRIGGER broken");
    expect((await walk.accept(receiver, transfer, key)).status).toBe(200);
    expect((await walk.must(receiver, "GET", "/wallet")).balance).toBe(1500);
  });
});

it("a request of the operator, or for a webhook endpoint, that the database drops is answered in its words", async () => {
  const tenant = await new TransfersJourney(journey).tenant();
  await breakJournal("Network connection lost.");
  const ofOperator = await journey.operator("PATCH", `/applications/${tenant.id}`, { active: false });
  expect(told(ofOperator)).toEqual(busy);
  const body = { url: "https://example.com/hooks", events: ["*"] };
  expect(told(await journey.call("POST", "/api/v1/webhook-endpoints", { token: "admin_sandbox", body }))).toEqual(busy);
});

describe("what is no restart", () => {
  it("is a fault, and frees the key at once", async () => {
    const session = await journey.paidOffer();
    await journey.events("drop");
    await breakJournal("out of paper");
    expect((await journey.accept(session, key)).status).toBe(500);
    await env.DB.exec("DROP TRIGGER broken");
    expect((await journey.accept(session, key)).status).toBe(204);
  });
});

/** Makes the database fail with these words instead of writing a change. */
async function breakJournal(words: string): Promise<void> {
  await env.DB.exec(`CREATE TRIGGER broken BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, '${words}'); END`);
}
