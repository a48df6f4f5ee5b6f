import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { createApp } from "../../../src/app";
import { callRaw, journey } from "../checked";

it("is closed while there are no tokens", async () => {
  const closed = { ...env, ADMIN_TOKENS: "" };
  const request = new Request("http://localhost/api/v1/admin/ledger", { headers: { Authorization: "Bearer x" } });
  const response = await createApp().fetch(request, closed);
  expect(response.status).toBe(404);
});

it("shows balances that sum to zero", async () => {
  const session = await journey.paidOffer();
  await journey.accept(session);
  const { body } = await journey.operator("GET", "/ledger");
  const sum = body.data.reduce((total: number, { amountMinor }: { amountMinor: number }) => total + amountMinor, 0);
  expect(body.data.length).toBeGreaterThan(3);
  expect(sum).toBe(0);
});

it("shows sums digit for digit that a double cannot carry, of the ledger and beside Stripe's", async () => {
  await journey.reset();
  await env.DB.prepare(
    `insert into postings (aggregate_id, version, line, tenant, account, currency, amount_minor, reference, at) values
     ('a', 1, 0, 't', 'stripe_balance', 'eur', 9007199254740991, 'ch_1', 1), ('a', 1, 1, 't', 'stripe_balance', 'eur', 2, 'ch_2', 1),
     ('a', 1, 2, 't', 'commission', 'eur', -9007199254740991, null, 1), ('a', 1, 3, 't', 'commission', 'eur', -2, null, 1)`,
  ).run();
  const read = async (path: string) => (await callRaw("GET", `/api/v1/admin${path}`, { token: "admin_sandbox" })).text;
  const ledger = await read("/ledger");
  expect(ledger).toContain('"account":"stripe_balance","kind":"asset","currency":"eur","amountMinor":9007199254740993');
  expect(ledger).toContain('"amountMinor":-9007199254740993');
  expect(await read("/reconcile")).toContain(
    '"stripeBalanceMinor":0,"ledgerBalanceMinor":9007199254740993,"awaitedMinor":0,"unexplainedMinor":-9007199254740993',
  );
  await journey.reset();
});

it("tells a testimony's story in order, and who acted", async () => {
  const session = await journey.paidOffer();
  await journey.accept(session);
  await journey.advance(10);
  const refund = await journey.operator("POST", `/testimonies/${session.testimonyId}/refund`, { reason: "Fell ill." });
  expect(refund.status).toBe(204);
  await journey.advance(10);

  const { body } = await journey.operator("GET", `/testimonies/${session.testimonyId}/timeline`);
  const entries = body.data.entries as { at: string; kind: string; name?: string; data?: { operator?: string } }[];
  const times = entries.map(({ at }) => at);
  expect(times).toEqual([...times].sort());
  const changes = entries.filter(({ kind }) => kind === "change");
  expect(changes.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["create-testimony", "create-offer", "start-checkout", "accept-offer", "refund-testimony"]),
  );
  expect(changes.find(({ name }) => name === "refund-testimony")?.data?.operator).toBe("sandbox");
  for (const kind of ["posting", "event", "stripe_call"]) expect(entries.map((one) => one.kind)).toContain(kind);
});

it("refuses to take back what was never accepted", async () => {
  const table = await journey.offerOnTable({ onboarded: false });
  const answer = await journey.operator("POST", `/testimonies/${table.testimonyId}/refund`, { reason: "No." });
  expect([answer.status, answer.body.code]).toEqual([409, "state_wrong"]);
});

it("lists dead events and what needs attention", async () => {
  const insert = `insert into stripe_events (id, type, object_id, payload, state, attempts, created_at, received_at, failure)
    values ('evt_dead', 'charge.refunded', 'ch_x', '{"data":{"object":{"id":"ch_x"}}}', 'dead', 12, 0, 0, 'gave up')`;
  await env.DB.prepare(insert).run();
  const { body } = await journey.operator("GET", "/stripe-events?state=dead");
  expect(body.data).toMatchObject([{ id: "evt_dead", failure: "gave up" }]);
  const attention = await journey.operator("GET", "/attention");
  expect(attention.body.data.entries).toMatchObject([{ kind: "stripe_event_dead", about: { id: "evt_dead" } }]);
  expect((await journey.operator("POST", "/stripe-events/evt_dead/replay")).status).toBe(204);
});
