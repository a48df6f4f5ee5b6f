import { env, exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { buildDeps } from "../../src/container";
import { emptyCost } from "../../src/cost";
import { type Answer, checkoutBody, Journey } from "../journey";
import { expectBooksInOrder, openEffectCount, outcomeOf } from "../outcome";
import { Shop } from "../shop";
import { TransfersJourney } from "../transfers-journey";
import { type Trouble, Unsteady } from "./unsteady";

const journey = new Journey((request) => exports.default.fetch(request));

/** Waits for the lease of an abandoned key, and a second. */
const wait = () => journey.advance(46);

beforeEach(() => journey.reset());

const days: Trouble[] = [
  { kind: "the network is lost", when: "before", times: 1 },
  { kind: "the network is lost", when: "after", times: 1 },
  { kind: "the code is updated", when: "before", times: 2 },
  { kind: "the code is updated", when: "after", times: 2 },
  { kind: "too much is asked", when: "before", times: 1 },
];

let keys = 0;
const newKey = () => ({ "Idempotency-Key": `unsteady-${keys++}` });

/** Expects that every step failed once, and that no answer was a 500. */
function expectSteady({ failed, statuses }: Unsteady): void {
  expect(failed).toBeGreaterThanOrEqual(5); // a transfer takes no more than these
  expect([...statuses.keys()].filter((status) => status >= 500)).toEqual([503]);
}

describe.each(days)(
  "$times in a row of each request's database and object calls fail: $kind, $when the work",
  (day) => {
    it("an offer is made, paid for and accepted once", async () => {
      const [client, expert] = [await journey.registerClient(), await journey.registerExpert()];
      await journey.onboard(expert);
      const unsteady = new Unsteady(day);
      const ask = async (method: string, path: string, token: string, body: object): Promise<Answer> => {
        const headers = newKey();
        return unsteady.ask(() => unsteady.journey.call(method, `/api/v1${path}`, { token, body, headers }), wait);
      };
      const testimonyId = await journey.createTestimony(client);
      const offered = await ask("POST", `/testimonies/${testimonyId}/offers`, expert.token, {
        price: 149.5,
        deliveryDays: 14,
      });
      expect(offered.status).toBe(201);
      const path = `/testimonies/offers/${offered.body.data.id}/checkout`;
      const checkout = await ask("POST", path, client.token, checkoutBody());
      expect(checkout.status).toBe(200);
      const { url } = checkout.body.data;
      const session = { sessionId: url.split("/").at(-1) };
      await journey.events("drop");
      expect((await journey.pay({ url })).status).toBe(303);
      expect((await ask("POST", "/testimonies/offers/accept", client.token, session)).status).toBe(204);
      await journey.advance(10);
      await journey.advance(70);
      expect(await outcomeOf(journey, { testimonyId })).toEqual({
        sessions: ["complete"],
        paidMinor: 18_090,
        refunds: [],
        transfers: [{ amount: 14_950 }],
      });
      expectSteady(unsteady);
      expect(await openEffectCount()).toBe(0);
      await expectBooksInOrder(journey);
    });

    it("a payment is made, confirmed and given back in part once", async () => {
      const steady = await Shop.open(journey);
      const accountId = await steady.account();
      const shopper = await steady.shopper();
      const unsteady = new Unsteady(day);
      const shop = new Shop(unsteady.journey, steady);
      const ask = async (request: (headers: object) => Promise<Answer>): Promise<Answer> => {
        const headers = newKey();
        return unsteady.ask(() => request(headers), wait);
      };
      await journey.events("drop");
      const terms = { order_id: "order-1", account_id: accountId, amount: 1000 };
      const made = await ask((headers) => shop.create(shopper, terms, headers));
      expect([200, 201]).toContain(made.status); // the clock may have made it first
      const transaction = { shopper, accountId, orderId: "order-1", transactionId: made.body.data.transaction_id };
      expect((await ask((headers) => shop.confirm(transaction, {}, headers))).status).toBe(200);
      expect((await ask((headers) => shop.refund(transaction, { amount: 400 }, headers))).status).toBe(200);
      await journey.advance(70);
      const refunds = await journey.stripe(`/refunds?payment_intent=${transaction.transactionId}`, accountId);
      expect(refunds.data.map(({ amount }: { amount: number }) => amount)).toEqual([400]);
      expectSteady(unsteady);
      expect(await openEffectCount()).toBe(0);
      await expectBooksInOrder(journey);
    });

    it("the clock ends what was left half-done, once", async () => {
      const session = await journey.paidOffer();
      const shop = await Shop.open(journey);
      const [paid, started] = [await shop.paid(), await shop.started()];
      await journey.events("drop"); // no event arrives, and nobody repeats the request
      await journey.fault("POST /v1/refunds", "timeout_after", 2);
      await journey.fault("POST /v1/payment_intents/*/confirm", "timeout_before", 2);
      expect((await shop.refund(paid, { amount: 400 })).status).toBe(503);
      expect((await shop.confirm(started)).status).toBe(503);
      const unsteady = new Unsteady(day);
      await unsteady.sweep();
      await journey.advance(70);
      await journey.advance(70);
      expect(await outcomeOf(journey, session)).toMatchObject({ refunds: [], transfers: [{ amount: 14_950 }] });
      expect((await shop.view(paid)).body.data).toMatchObject({ amount_refunded: "400" });
      expect((await shop.view(started)).body.data).toMatchObject({ status: "succeeded", amount_captured: "1000" });
      expect(unsteady.failed).toBeGreaterThan(2);
      expect(await openEffectCount()).toBe(0);
      await expectBooksInOrder(journey);
    });

    it("a transfer is initiated and accepted once", async () => {
      const walk = new TransfersJourney(journey);
      const [sender, receiver] = [await walk.tenant(), await walk.tenant()];
      const unsteady = new Unsteady(day);
      const shaky = new TransfersJourney(unsteady.journey);
      const ask = async (request: (headers: Record<string, string>) => Promise<Answer>): Promise<Answer> => {
        const headers = newKey();
        return unsteady.ask(() => request(headers), wait);
      };
      const begun = await ask((headers) => shaky.initiate(sender, receiver, {}, headers));
      expect(begun.status).toBe(201);

      expect((await ask((headers) => shaky.accept(receiver, begun.body.data, headers))).status).toBe(200);
      expect((await walk.must(receiver, "GET", "/wallet")).balance).toBe(1500);
      expect((await walk.must(sender, "GET", "/transactions/sent")).totalElements).toBe(1);
      expectSteady(unsteady);
      expect((await journey.ledgerCheck()).ok).toBe(true);
    });
  },
);

describe("a call to an object that was cut off", () => {
  const lost = { message: "Network connection lost.", retryable: true };
  const overloaded = { message: "Durable Object is overloaded. Too many requests queued.", overloaded: true };
  const both = { message: "Network connection lost.", retryable: true, overloaded: true };
  const ids = { testimonyId: crypto.randomUUID(), payoutId: "none" };
  const harmless = { name: "advance-payout", input: ids } as const;
  const other = { name: "withdraw-offer", input: { ...ids, userId: "none", offerId: "none" } } as const;

  it.each([
    ["is made once more, where doing it twice does no harm", lost, harmless, 2],
    ["is not made again, where it may", lost, other, 1],
    ["is not made again when the object is overloaded", overloaded, harmless, 1],
    ["is not made again when the object is overloaded, whatever else is said", both, harmless, 1],
  ])("%s", async (_, { message, ...told }, command, times) => {
    const stubs: object[] = [];
    const get = () => {
      const stub = {
        perform: async () => {
          if (stubs.length > 1) return { result: { ok: true }, cost: emptyCost(), settled: false };
          throw Object.assign(new Error(message), told);
        },
      };
      stubs.push(stub);
      return stub;
    };
    const deps = await buildDeps({ ...env, SEQUENCER: { idFromName: () => "", get } }, "test");
    const asked = deps.runSerialized(command);
    if (times === 2) expect(await asked).toEqual({ ok: true });
    else await expect(asked).rejects.toThrow("cut off");
    expect(stubs).toHaveLength(times);
  });
});
