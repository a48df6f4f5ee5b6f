import { beforeEach, describe, expect, it, vi } from "vitest";
import { acceptedOffer } from "../../operations/offers/accepted-offer";
import { disputeAtStripe } from "../../operations/offers/at-stripe";
import { rows } from "../../operations/rows";
import { Shop } from "../../shop";
import { TransfersJourney } from "../../transfers-journey";
import { boxUrl, makeEndpoint } from "../../webhooks/owner";
import { journey } from "../checked";

const transfers = new TransfersJourney(journey);

beforeEach(() => journey.reset());

interface Timeline {
  aggregates: string[];
  entries: { kind: string; at: string; aggregateId?: string; number?: number; state?: string; type?: string }[];
}

async function timeline(query: Record<string, string>): Promise<Timeline> {
  const { status, body } = await journey.operator("GET", `/timeline?${new URLSearchParams(query)}`);
  expect(status, JSON.stringify(query)).toBe(200);
  return body.data;
}

/** Expects that every id leads to the aggregate; none may be missing. */
async function expectLeadTo(aggregateId: string, ids: Record<string, string | null | undefined>): Promise<void> {
  for (const [of, id] of Object.entries(ids)) {
    expect(id, of).toBeTruthy();
    expect((await timeline({ id: `${id}` })).aggregates, of).toEqual([aggregateId]);
  }
}

async function one(query: string, ...values: string[]): Promise<string> {
  const [row] = await rows<{ value: string }>(query, ...values);
  if (!row) throw new Error(`nothing: ${query}`);
  return row.value;
}

describe("every id that a person may have leads to its timeline", () => {
  it("of the offers contract: ours and Stripe's", async () => {
    const session = await acceptedOffer(journey);
    await journey.advance(10); // the expert is paid
    const { testimonyId } = session;
    const path = `/testimonies/${testimonyId}/refund`;
    expect((await journey.operator("POST", path, { reason: "Agreed.", amount: 100 })).status).toBe(204);
    await journey.advance(60);
    const dispute = await disputeAtStripe(journey, session);
    await journey.advance(60);
    const ofTestimony = (column: string, table: string) =>
      one(`select ${column} as value from ${table} where testimony_id = ? order by 1 desc`, testimonyId);
    await expectLeadTo(testimonyId, {
      testimony: testimonyId,
      offer: session.offerId,
      checkout: await ofTestimony("id", "checkouts"),
      payout: await ofTestimony("id", "payouts"),
      refund: await ofTestimony("id", "refunds"),
      session: session.sessionId,
      intent: await ofTestimony("payment_intent_id", "checkouts"),
      charge: await ofTestimony("charge_id", "checkouts"),
      transfer: await ofTestimony("transfer_id", "payouts"),
      refundAtStripe: await ofTestimony("stripe_id", "refunds"),
      dispute,
      reversal: await one("select stripe_id as value from stripe_objects where stripe_id like 'trr_%'"),
      call: await one("select id as value from stripe_effects where kind = 'create-transfer'"),
      keyAtStripe: await one("select id || '.0' as value from stripe_effects where kind = 'create-transfer'"),
      event: await one("select id as value from stripe_events where aggregate_id = ?", testimonyId),
    });
    const expertId = await ofTestimony("expert_id", "payouts");
    await expectLeadTo(expertId, {
      expert: expertId,
      account: await one("select stripe_account_id as value from payout_accounts where user_id = ?", expertId),
    });
  });

  it("of the payments contract: an order's with its payments, and everything of them", async () => {
    const shop = await Shop.open(journey);
    const paid = await shop.ordered({}, {});
    expect((await shop.confirm(paid)).status).toBe(200);
    const refund = await shop.refund(paid, { amount: 100 });
    expect(refund.status).toBe(200);
    const method = await shop.attach(paid.shopper, { payment_method_id: "pm_card_visa" });
    expect(method.status).toBe(201);
    const [payment] = await rows<{ id: string; charge_id: string; developer_id: string }>("select * from payments");
    if (!payment) throw new Error("there is no payment");
    await journey.control("POST", "disputes", { charge: payment.charge_id, account: paid.accountId });
    await journey.advance(60);
    await expectLeadTo(payment.id, {
      payment: payment.id,
      intent: paid.transactionId,
      charge: payment.charge_id,
      refund: await one("select id as value from payment_refunds"),
      refundAtStripe: await one("select stripe_id as value from payment_refunds"),
      dispute: await one("select stripe_id as value from payment_disputes"),
    });
    await expectLeadTo(paid.shopper.userId, {
      shopper: paid.shopper.userId,
      method: await one("select id as value from payment_methods"),
      methodAtStripe: await one("select stripe_id as value from payment_methods"),
      customer: await one("select stripe_id as value from customers"),
    });
    const accountId = await one("select id as value from connected_accounts");
    await expectLeadTo(accountId, { account: accountId, accountAtStripe: paid.accountId });
    await expectLeadTo(payment.developer_id, { developer: payment.developer_id, app: shop.appId });

    const orderId = await one("select id as value from orders");
    await expectLeadTo(orderId, { order: orderId });
    const ofOrder = { id: paid.orderId, developer_id: payment.developer_id, app_id: shop.appId };
    const { aggregates, entries } = await timeline(ofOrder);
    expect(aggregates).toEqual([orderId, payment.id]);
    expect(new Set(entries.map(({ aggregateId }) => aggregateId))).toEqual(new Set([orderId, payment.id]));
  });

  it("of a payment that Stripe has not named", async () => {
    const shop = await Shop.open(journey);
    const [accountId, shopper] = [await shop.account(), await shop.shopper()];
    await journey.fault("POST /v1/payment_intents", "timeout_before", 3);
    expect((await shop.create(shopper, { order_id: "o-1", account_id: accountId, amount: 1000 })).status).toBe(503);
    const [payment] = await rows<{ id: string; stripe_id: string | null }>("select id, stripe_id from payments");
    expect(payment?.stripe_id).toBeNull();
    const answer = await journey.operator("GET", `/payments/${payment?.id}/timeline`);
    expect([answer.status, answer.body.data.transactionId]).toEqual([200, payment?.id]);
    expect(answer.body.data.entries.map(({ kind }: { kind: string }) => kind)).toContain("stripe_call");
  });

  it("of the transfers contract: an id, a reference, a tenant, a day's batch", async () => {
    const [sender, receiver] = [await transfers.tenant(), await transfers.tenant({ webhookUrl: boxUrl("receiver") })];
    const { id, reference } = await transfers.initiated(sender, receiver);
    await expectLeadTo(id, { id, reference });
    await expectLeadTo(sender.id, { application: sender.id });
    await expectLeadTo(sender.subjectId, { subject: sender.subjectId });
    await transfers.accept(receiver, { reference });
    await expectLeadTo(id, {
      record: await one("select id as value from transfer_webhooks limit 1"),
      entry: await one("select id as value from wallet_entries where type = 'CREDIT'"),
      debit: await one("select id as value from wallet_entries where type = 'DEBIT'"),
    });
    const takenBack = await transfers.initiated(sender, receiver);
    await transfers.cancel(sender, takenBack);
    const [, told] = await transfers.must(receiver, "GET", `/transactions/${takenBack.reference}/webhooks`);
    expect(told.eventType).toBe("TRANSACTION_CANCELLED");
    await expectLeadTo(takenBack.id, { told: told.id });
    await expectLeadTo(sender.id, { wallet: await one("select id as value from wallets where balance < 0") });
    await journey.advance(24 * 60 * 60);
    await journey.operator("PATCH", `/applications/${sender.id}`, { admin: true });
    await transfers.must({ token: await transfers.token(sender) }, "POST", "/settlement/trigger");
    const batch = await one("select id as value from settlement_batches order by transaction_count desc limit 1");
    const position = await one("select id as value from settlement_entries where application_id = ?", receiver.id);
    await expectLeadTo(batch, { batch, position });
  });

  it("of a request: by the id in its answer, or by its caller's own and about when", async () => {
    await journey.advance(24 * 60 * 60); // the sandbox's clock is not the world's
    const session = await journey.paidOffer();
    const accepted = await journey.accept(session);
    const requestId = accepted.headers.get("Request-Id");
    expect(await one("select request_id as value from journal where name = 'accept-offer'")).toBe(requestId);
    await expectLeadTo(session.testimonyId, { requestId });
    const id = "our-own-id-1";
    const refused = await journey.call("GET", `/api/v1/admin/timeline?id=${id}`, { token: "admin_sandbox" });
    expect(refused.status).toBe(404);
    const headers = { "Request-Id": id };
    const body = { reason: "Agreed." };
    const path = `/api/v1/admin/testimonies/${session.testimonyId}/refund`;
    const refunded = await journey.call("POST", path, { token: "admin_sandbox", body, headers });
    expect(refunded.status).toBe(204);
    const { aggregates } = await timeline({ id, at: new Date().toISOString() });
    expect(aggregates).toEqual([session.testimonyId]);
    const own = refunded.headers.get("Accord-Request-Id");
    await expectLeadTo(session.testimonyId, { own });
    const before = { id, at: new Date(Date.now() - 10 * 24 * 60 * 60_000).toISOString() };
    expect((await journey.operator("GET", `/timeline?${new URLSearchParams(before)}`)).body.code).toBe("id_unknown");
  });

  it("of an event, with every attempt to deliver it", async () => {
    const endpoint = await makeEndpoint("main");
    await expectLeadTo(endpoint.id, { endpoint: endpoint.id });
    await journey.control("POST", "inbox", { box: "main", mode: "fail" });
    const session = await acceptedOffer(journey);
    await vi.waitFor(async () => {
      expect((await timeline({ id: session.testimonyId })).entries.map(({ kind }) => kind)).toContain(
        "delivery_attempt",
      );
    }, 60_000);
    await journey.control("POST", "inbox", { box: "main", mode: "ok" });
    await journey.advance(60);
    await vi.waitFor(async () => {
      const { entries } = await timeline({ id: session.testimonyId });
      const attempts = entries.filter(({ kind, type }) => kind === "delivery_attempt" && type === undefined);
      expect(attempts.map(({ number }) => number)).toContain(2);
      expect(entries.find(({ kind, type }) => kind === "delivery" && type === "offer.accepted")?.state).toBe(
        "delivered",
      );
    }, 60_000);
    const eventId = await one("select event_id as value from webhook_deliveries where type = 'offer.accepted'");
    await expectLeadTo(session.testimonyId, { eventId, deliveryId: `${endpoint.id}.${eventId}` });
  });
});

it("answers an id that nobody has, and an order without its app, in words", async () => {
  for (const id of ["01a1f91e-f699-84f8-8dd3-000000000001", "pi_unknown", "%"]) {
    const { status, body } = await journey.operator("GET", `/timeline?${new URLSearchParams({ id })}`);
    expect([status, body.code]).toEqual([404, "id_unknown"]);
  }
  expect((await journey.operator("GET", "/timeline?id=o&developer_id=d")).status).toBe(422);
  expect((await journey.operator("GET", "/timeline")).status).toBe(422);
});
