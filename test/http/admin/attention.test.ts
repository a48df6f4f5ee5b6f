import { env } from "cloudflare:workers";
import { beforeEach, expect, it, vi } from "vitest";
import { acceptedOffer } from "../../operations/accepted-offer";
import { rows } from "../../operations/rows";
import { refundAtStripe } from "../../operations/testimonies/at-stripe";
import { identity, Shop } from "../../shop";
import { TransfersJourney } from "../../transfers-journey";
import { boxUrl, makeEndpoint } from "../../webhooks/owner";
import { journey } from "../checked";

beforeEach(() => journey.reset());

interface Step {
  by: string;
  operation: string | null;
  method: string;
  path: string;
  body: Record<string, unknown> | null;
}

interface Entry {
  kind: string;
  since: string;
  aggregateId: string;
  about: { kind: string; id: string; timeline: string | null };
  amount: number | null;
  currency: string | null;
  who: string[];
  byItself: { what: string; at: string | null };
  steps: Step[];
}

async function entries(): Promise<Entry[]> {
  return (await journey.must(200, "GET", "/admin/attention", { token: "admin_sandbox" })).body.data.entries;
}

/** The only thing that waits. */
async function only(kind: string): Promise<Entry> {
  const all = await entries();
  expect(all.map((one) => one.kind)).toEqual([kind]);
  return all[0] as Entry;
}

const operator = { token: "admin_sandbox" };

/** Sends a step as it is printed, on behalf of whom it names. */
async function take(step: Step | undefined, who: { token?: string; headers?: Record<string, string> } = operator) {
  if (!step) throw new Error("there is no such step");
  const answer = await journey.call(step.method, step.path, {
    ...who,
    ...(step.body === null ? {} : { body: step.body }),
  });
  expect(answer.status, `${step.operation}: ${JSON.stringify(answer.body)}`).toBeLessThan(300);
}

async function expectTimeline({ about }: Entry): Promise<void> {
  const { status, body } = await journey.call("GET", about.timeline ?? "", operator);
  expect([status, body.data.entries.length > 0]).toEqual([200, true]);
}

function stepOf({ steps }: Entry, operation: string): Step | undefined {
  return steps.find((one) => one.operation === operation);
}

it("shows a payout that a person must release, and one that has waited for a day", async () => {
  const session = await acceptedOffer(journey, { onboarded: false });
  expect(await entries()).toEqual([]); // it is held, and nobody is needed yet
  await journey.advance(25 * 60 * 60);
  const waiting = await only("payout_waiting");
  expect(waiting).toMatchObject({ amount: 10_000, currency: "eur", about: { kind: "payout" } });
  expect(Date.parse(waiting.byItself.at ?? "")).toBeGreaterThan(Date.parse(waiting.since));
  await expectTimeline(waiting);
  await refundAtStripe(journey, session, 1_000);
  await journey.advance(60);
  const held = (await entries()).find(({ kind }) => kind === "payout_held");
  expect((await entries()).map(({ kind }) => kind).toSorted()).toEqual(["payout_held", "refunded_at_stripe"]);
  await take(held && stepOf(held, "release-payout"));
  await journey.advance(60);
  for (const one of await entries()) await take(stepOf(one, "close-attention")); // the refund at Stripe was booked
  expect(await entries()).toEqual([]);
  await journey.advance(25 * 60 * 60);
  await take(stepOf(await only("payout_waiting"), "refund-testimony"));
  await journey.advance(60);
  expect((await entries()).filter(({ about }) => about.kind === "payout")).toEqual([]);
});

it("shows a developer's refund that failed, and its next step gives the money back", async () => {
  const shop = await Shop.open(journey);
  const transaction = await shop.started();
  expect((await shop.confirm(transaction, { payment_method_id: "pm_card_refundFail" })).status).toBe(200);
  expect((await shop.refund(transaction, { amount: 400 })).status).toBe(200);
  await journey.advance(24 * 60 * 60);
  const failed = await only("refund_failed");
  const [{ developer_id: developerId }] = (await rows<{ developer_id: string }>(
    "select developer_id from payments",
  )) as [{ developer_id: string }];
  expect(failed).toMatchObject({ amount: 400, who: [developerId], about: { kind: "refund" } });
  await expectTimeline(failed);
  await take(stepOf(failed, "refund-payment"), { headers: identity(transaction.shopper) });
  expect(await entries()).toEqual([]); // all of it is on its way
  await journey.advance(24 * 60 * 60);
  await take(stepOf(await only("refund_failed"), "close-attention"));
  expect(await entries()).toEqual([]);
});

it("shows a dispute of a developer's payment until it ends, and until when it can be answered", async () => {
  const shop = await Shop.open(journey);
  const { accountId } = await shop.paid();
  const [payment] = await rows<{ charge_id: string }>("select charge_id from payments");
  const made = await journey.control("POST", "disputes", { charge: payment?.charge_id, account: accountId });
  await journey.advance(60);
  const open = await only("dispute_open");
  expect(Date.parse(open.byItself.at ?? "")).toBeGreaterThan(Date.parse(open.since));
  await expectTimeline(open);
  await journey.control("POST", "disputes", { dispute: made.body.id, status: "won" });
  await journey.advance(60);
  expect(await entries()).toEqual([]);
});

it("shows a payment that nobody knows the outcome of, and its next step ends it", async () => {
  const shop = await Shop.open(journey);
  const [accountId, shopper] = [await shop.account(), await shop.shopper()];
  await journey.fault("POST /v1/payment_intents", "timeout_before", 1_000);
  expect((await shop.create(shopper, { order_id: "o-1", account_id: accountId, amount: 1000 })).status).toBe(503);
  expect(await entries()).toEqual([]);
  await journey.advance(11 * 60);
  const unknown = await only("payment_unknown");
  expect(unknown).toMatchObject({ amount: 1000, about: { kind: "stripe_call" } });
  await expectTimeline(unknown);
  const step = stepOf(unknown, "settle-stripe-call");
  expect((await journey.call("POST", step?.path ?? "", { ...operator, body: step?.body })).body.code).toBe("too_early");
  await journey.advance(25 * 60 * 60);
  await take(stepOf(await only("payment_unknown"), "settle-stripe-call"));
  expect(await entries()).toEqual([]);
});

it("shows an event that was given up", async () => {
  const insert = `insert into stripe_events (id, type, object_id, payload, state, attempts, created_at, received_at, failure)
    values ('evt_dead', 'charge.refunded', 'ch_x', '{"data":{"object":{"id":"ch_x"}}}', 'dead', 12, 0, 0, 'gave up')`;
  await env.DB.prepare(insert).run();
  const dead = await only("stripe_event_dead");
  await take(stepOf(dead, "close-stripe-event"));
  expect(await entries()).toEqual([]);
});

it("shows an endpoint that is gone and what it never took, and both next steps mend it", async () => {
  const endpoint = await makeEndpoint("main");
  await journey.control("POST", "inbox", { box: "main", mode: "gone" });
  await acceptedOffer(journey);
  await vi.waitFor(async () => {
    expect((await entries()).map(({ kind }) => kind).toSorted()).toEqual(["deliveries_failed", "endpoint_disabled"]);
  }, 60_000);
  const [disabled, failed] = (await entries()).toSorted((a, b) => b.kind.localeCompare(a.kind));
  if (!disabled || !failed) throw new Error("nothing waits");
  expect([disabled.about.id, failed.about.id, disabled.who]).toEqual([endpoint.id, endpoint.id, ["operator"]]);
  await expectTimeline(disabled);
  await journey.control("POST", "inbox", { box: "main", mode: "ok" });
  await take(stepOf(disabled, "update-webhook-endpoint"));
  await take(stepOf(failed, "recover-webhook-deliveries"));
  await vi.waitFor(async () => expect(await entries()).toEqual([]), 60_000);
});

it("lets a note end what an endpoint never took, until it fails again", async () => {
  await makeEndpoint("main");
  await journey.control("POST", "inbox", { box: "main", mode: "gone" });
  await acceptedOffer(journey);
  await vi.waitFor(async () => expect(await entries()).toHaveLength(2), 60_000);
  for (const one of await entries()) await take(stepOf(one, "close-attention"));
  expect(await entries()).toEqual([]);
});

it("shows what an application never took, and its next step sends it again", async () => {
  const transfers = new TransfersJourney(journey);
  const [sender, receiver] = [await transfers.tenant(), await transfers.tenant({ webhookUrl: boxUrl("receiver") })];
  await journey.control("POST", "inbox", { box: "receiver", mode: "gone" });
  await transfers.initiated(sender, receiver);
  await vi.waitFor(async () => expect(await entries()).toHaveLength(1), 60_000);
  const failed = await only("transfer_webhooks_failed");
  expect(failed.who).toEqual([receiver.id]);
  await journey.control("POST", "inbox", { box: "receiver", mode: "ok" });
  await take(stepOf(failed, "retry-transfer-webhook"), { token: receiver.token });
  await vi.waitFor(async () => expect(await entries()).toEqual([]), 60_000);
});

it("shows a day whose sides differ, a list that is not read on, and a clock that stands", async () => {
  await env.DB.prepare(
    `insert into settlement_batches (day, currency, id, status, total_credited_high, total_credited_low, total_debited_high,
      total_debited_low, transaction_count, application_count, error_message, created_at)
     values ('2026-01-01', 'NGN', 'b', 'FAILED', 0, 0, 0, 1, 1, 1, 'They differ', 1)`,
  ).run();
  const cursor = "insert or replace into cursors (name, value, moved_at) values (?, ?, 3)";
  await env.DB.prepare(cursor).bind("stripe-fees", 2).run();
  await env.DB.prepare(cursor).bind("sweep-ended", 3).run();
  const found = await entries();
  expect(found.map(({ kind }) => kind)).toEqual(["settlement_failed", "cursor_behind", "sweep_stopped"]);
  expect(stepOf(found[0] as Entry, "settle-day")?.path).toBe("/api/v1/settlement/trigger?date=2026-01-01&currency=NGN");
});

it("closes nothing that the world has to end, and nothing that does not wait", async () => {
  const close = (kind: string) =>
    journey.operator("POST", "/attention/close", { kind, aggregate: "a", about: "b", note: "Seen." });
  expect((await close("payout_waiting")).body.code).toBe("state_wrong");
  expect((await close("refund_failed")).body.code).toBe("id_unknown");
});
