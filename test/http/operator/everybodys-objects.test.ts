import { beforeEach, describe, expect, it } from "vitest";
import { acceptedOffer } from "../../operations/offers/accepted-offer";
import { rows } from "../../operations/rows";
import { Shop } from "../../shop";
import { TransfersJourney } from "../../transfers-journey";
import { makeEndpoint, token } from "../../webhooks/owner";
import { journey } from "../checked";

beforeEach(() => journey.reset());

async function view(path: string) {
  const { status, body } = await journey.operator("GET", path);
  expect([status, path]).toEqual([200, path]);
  return body.data;
}

interface Hit {
  kind: string;
  id: string;
  label: string;
  path: string;
  matchedBy: string;
}

/** Searches, and checks that what is found can be viewed where it says. */
async function found(text: string): Promise<Hit[]> {
  const hits: Hit[] = await view(`/search?q=${encodeURIComponent(text)}`);
  for (const { path } of hits) await view(path.replace("/api/v1/admin", ""));
  return hits;
}

describe("one thing of everybody's", () => {
  it("is a testimony with its money, and with nothing of what its people wrote", async () => {
    const session = await acceptedOffer(journey);
    await journey.advance(10); // the expert is paid
    const data = await view(`/testimonies/${session.testimonyId.toUpperCase()}`);
    expect(data.testimony).toMatchObject({ id: session.testimonyId, state: "accepted" });
    expect(data.payouts).toMatchObject([{ state: "paid", amountMinor: 10_000, holds: [] }]);
    expect(data.checkouts).toMatchObject([{ state: "accepted", offerId: session.offerId }]);
    expect(data.people.map(({ email }: { email: string }) => email)).toEqual([
      expect.stringMatching(/^.…@/),
      expect.stringMatching(/^.…@/),
    ]);
    expect(data.balances).toContainEqual({ account: "expert_payable", currency: "eur", amountMinor: 0 });
    expect(JSON.stringify(data)).not.toMatch(/realEstate|billingAddress|Hlavná/);
  });

  it("is a payment, by our id and by Stripe's, without what lets somebody pay it", async () => {
    const shop = await Shop.open(journey);
    const paid = await shop.paid();
    await shop.refund(paid, { amount: 100 });
    const ofStripe = await view(`/payments/${paid.transactionId}`);
    expect(ofStripe).toEqual(await view(`/payments/${ofStripe.payment.id}`));
    expect(ofStripe).toMatchObject({
      payment: { orderId: paid.orderId, state: "succeeded", refundedMinor: 100 },
      orders: [],
      refunds: [{ amountMinor: 100 }],
      calls: [],
    });
    expect(JSON.stringify(ofStripe)).not.toContain("_secret_");
  });

  it("is a payment that Stripe has not named, with the call whose outcome is unknown", async () => {
    const shop = await Shop.open(journey);
    const [accountId, shopper] = [await shop.account(), await shop.shopper()];
    await journey.fault("POST /v1/payment_intents", "timeout_before", 3);
    expect((await shop.create(shopper, { order_id: "o-1", account_id: accountId, amount: 1000 })).status).toBe(503);
    const [listed] = await view("/payments?uncertain=true");
    expect(await view(`/payments/${listed.id}`)).toMatchObject({
      payment: { state: "creating", stripeId: null },
      calls: [{ kind: "create-intent", state: "open", subjectId: listed.id }],
    });
    const calls = await view("/stripe-calls");
    expect(calls).toMatchObject([{ aggregateId: listed.id, kind: "create-intent" }]);
    expect(await view("/payments?uncertain=false")).toEqual([]);
  });

  it("is a transfer with both of its entries, and a closed day with its positions", async () => {
    const transfers = new TransfersJourney(journey);
    const [alice, bob] = [await transfers.tenant(), await transfers.tenant()];
    const { reference } = await transfers.paid(alice, bob, { amount: 12.5 });
    const data = await view(`/transfers/${reference}`);
    expect(data.transfer).toMatchObject({ reference, state: "COMPLETED", amount: 12.5 });
    const sides = data.entries.map(({ type, amount }: { type: string; amount: number }) => [type, amount]);
    expect(sides.toSorted()).toEqual([
      ["CREDIT", 12.5],
      ["DEBIT", 12.5],
    ]);
    const [wallet] = await view(`/wallets?application=${bob.id}`);
    expect(wallet).toMatchObject({ balance: 12.5 });
    await journey.advance(3 * 86_400);
    const [day] = await rows<{ day: string }>("select day from settlement_batches");
    expect(await view(`/settlement-days/${day?.day}`)).toMatchObject({
      batches: [{ status: "COMPLETED", transactionCount: 1 }],
      entries: expect.arrayContaining([expect.objectContaining({ applicationId: bob.id, netAmount: 12.5 })]),
    });
  });

  it("is a delivery of another owner, with its attempts and its event", async () => {
    const endpoint = await makeEndpoint("main");
    const made = await journey.must(202, "POST", `/webhook-endpoints/${endpoint.id}/test`, { token });
    await journey.advance(10);
    const data = await view(`/webhook-deliveries/${made.body.data.deliveryId}`);
    expect(data).toMatchObject({
      delivery: { endpointId: endpoint.id, owner: "operator", state: "delivered" },
      attempts: [{ number: 1, outcome: "delivered" }],
      events: [{ type: data.delivery.type }],
    });
  });

  it.each([
    "/testimonies/none",
    "/payments/none",
    "/transfers/none",
    "/stripe-events/none",
    "/webhook-deliveries/none",
    "/settlement-days/2020-02-30",
  ])("is unknown at %s", async (path) => {
    const { status, body } = await journey.operator("GET", path);
    expect([status, body.code]).toEqual([404, "id_unknown"]);
  });
});

describe("search", () => {
  it("finds what belongs to a testimony by any id of it", async () => {
    const { testimonyId, offerId, sessionId } = await acceptedOffer(journey);
    for (const text of [testimonyId, offerId.toUpperCase(), sessionId, ` ${testimonyId} `]) {
      expect(await found(text)).toMatchObject([{ kind: "testimony", id: testimonyId, matchedBy: "id" }]);
    }
    const [event] = await rows<{ id: string }>("select id from stripe_events where aggregate_id = ?", testimonyId);
    expect((await found(event?.id ?? "")).map(({ kind }) => kind)).toEqual(["testimony", "stripe_event"]);
  });

  it("finds people by e-mail and phone, and shows the e-mail masked", async () => {
    const client = await journey.registerExpert();
    const hits = await found(client.email.toUpperCase());
    expect(hits).toMatchObject([{ kind: "user", matchedBy: "email", label: expect.stringMatching(/^.…@/) }]);
    const [own] = await rows<{ phone: string }>("select phone from users where id = ?", hits[0]?.id);
    expect(await found(own?.phone ?? "")).toMatchObject([{ kind: "user", id: hits[0]?.id, matchedBy: "phone" }]);
    await acceptedOffer(journey);
    const [paid] = await rows<{ phone: string; user_id: string }>("select * from user_phones");
    expect(await found(paid?.phone ?? "")).toMatchObject([{ kind: "user", id: paid?.user_id, matchedBy: "phone" }]);
  });

  it("finds an order's payments, and an account", async () => {
    const shop = await Shop.open(journey);
    const paid = await shop.paid();
    const hits = await found(paid.orderId);
    expect(hits).toMatchObject([{ kind: "payment", matchedBy: "order_id", label: `${paid.orderId}, succeeded` }]);
    expect(await found(paid.transactionId)).toMatchObject([{ kind: "payment", id: hits[0]?.id, matchedBy: "id" }]);
    expect(await found(paid.accountId)).toMatchObject([{ kind: "account", matchedBy: "id" }]);
  });

  it("finds a transfer by its reference, and an application by its handle and its tags", async () => {
    const transfers = new TransfersJourney(journey);
    const [alice, bob] = [await transfers.tenant(), await transfers.tenant()];
    const { reference } = await transfers.initiated(alice, bob);
    expect(await found(reference.toLowerCase())).toMatchObject([{ kind: "transfer", id: reference }]);
    expect(await found(alice.handle)).toMatchObject([{ kind: "application", id: alice.id, matchedBy: "handle" }]);
    expect(await found(`@${alice.tag}`)).toMatchObject([{ kind: "application", id: alice.id, matchedBy: "tag" }]);
  });

  it("finds nothing for a text that names nothing, and refuses none", async () => {
    for (const text of [
      "nothing here",
      "x' or 1=1 --",
      "01a1f91e-f699-84f8-8dd3-bd4d5efaa050",
      "%",
      "TXN-00000000-AAAAAAAA",
    ]) {
      expect(await found(text)).toEqual([]);
    }
    for (const query of ["", "?q=", "?q=%20", `?q=${"x".repeat(256)}`]) {
      expect((await journey.operator("GET", `/search${query}`)).status).toBe(422);
    }
  });
});

describe("how everything stands", () => {
  it("counts what is due and what waits, and is quiet after a sweep", async () => {
    expect(await view("/pulse")).toMatchObject({ attention: 0, endpointsOff: 0, failedDeliveries: 0 });
    const shop = await Shop.open(journey);
    const [accountId, shopper] = [await shop.account(), await shop.shopper()];
    await journey.fault("POST /v1/payment_intents", "timeout_before", 3);
    expect((await shop.create(shopper, { order_id: "o-1", account_id: accountId, amount: 1000 })).status).toBe(503);
    await rows("update stripe_effects set due_at = 1000, attempts = 9 where due_at is not null");
    const { due, attention } = await view("/pulse");
    expect(due).toContainEqual({ kind: "stripe_call", count: 1, oldest: "1970-01-01T00:00:01.000Z" });
    expect(attention).toBe(1);
    await journey.advance(120);
    const later = await view("/pulse");
    expect(later.due.every(({ count }: { count: number }) => count === 0)).toBe(true);
    expect(later.lastSweep).not.toBeNull();
    expect(later.release).toMatch(/^[0-9a-f]{12}$/);
  });

  it("tells how the deployment is set up, and no value of a setting", async () => {
    const system = await view("/system");
    expect(system).toMatchObject({ mode: "sandbox", operator: "sandbox", policies: { commissionBasisPoints: 2100 } });
    expect(system.settings).toContainEqual({ name: "ADMIN_TOKENS", isSet: true });
    expect(JSON.stringify(system)).not.toMatch(/admin_sandbox|sk_test|whsec/);
  });
});
