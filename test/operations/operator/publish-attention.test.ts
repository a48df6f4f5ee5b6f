import { runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { journey } from "../../http/checked";
import { arrivals, makeEndpoint } from "../../webhooks/owner";
import { acceptedOffer } from "../offers/accepted-offer";

beforeEach(() => journey.reset());
afterEach(() => vi.restoreAllMocks());

/**
 * Makes an accepted offer whose charge was settled in another currency than it was paid in, so that nothing may be paid
 * out.
 */
async function acceptedInDollars() {
  const session = await journey.paidOffer();
  const stub = env.EMULATOR.get(env.EMULATOR.idFromName("stripe"));
  await runInDurableObject(
    stub,
    (_, state) =>
      state.storage.sql.exec(
        "update objects set body = json_set(body, '$.currency', 'usd') where kind = 'balance_transaction' and json_extract(body, '$.type') = 'charge'",
      ).rowsWritten,
  );
  expect((await journey.accept(session)).status).toBe(204);
  return session;
}

/** Lists what the operator's endpoint has received about attention: kinds by event. */
async function heard(): Promise<string[]> {
  return (await arrivals("main"))
    .map(({ body }) => JSON.parse(body) as { type: string; data: { kind: string } })
    .filter(({ type }) => type.startsWith("attention."))
    .map(({ type, data }) => `${type} ${data.kind}`)
    .toSorted();
}

async function expectHeard(news: string[]): Promise<void> {
  await vi.waitFor(async () => expect(await heard()).toEqual(news), 60_000);
}

it("tells the operator once that a payout was refused, and once that it waits no more", async () => {
  const lines: { event: string; kind?: string }[] = [];
  vi.spyOn(console, "error").mockImplementation((line: string) => void lines.push(JSON.parse(line)));
  await makeEndpoint("main", { events: ["attention.opened", "attention.ended"] });
  const { testimonyId } = await acceptedInDollars();
  await journey.advance(60);
  await journey.advance(60);
  const opened = ["attention.opened payout_failed", "attention.opened settlement_currency"];
  await expectHeard(opened);
  const note = { note: "Seen." };
  expect((await journey.operator("POST", `/testimonies/${testimonyId}/resolve-attention`, note)).status).toBe(204);
  await journey.advance(60);
  await journey.advance(60);
  await expectHeard(["attention.ended payout_failed", "attention.ended settlement_currency", ...opened]);
  const told = lines.filter(({ event }) => event.startsWith("attention_")).map(({ event, kind }) => `${event} ${kind}`);
  expect(told.toSorted()).toEqual([
    "attention_ended payout_failed",
    "attention_ended settlement_currency",
    "attention_opened payout_failed",
    "attention_opened settlement_currency",
  ]);
});

it("tells of an endpoint that was switched off, and of what it never took", async () => {
  await makeEndpoint("main", { events: ["attention.opened"] });
  await makeEndpoint("other", { events: ["offer.accepted"] });
  await journey.control("POST", "inbox", { box: "other", mode: "gone" });
  await acceptedOffer(journey);
  await vi.waitFor(async () => {
    await journey.advance(60);
    expect(await heard()).toEqual(["attention.opened deliveries_failed", "attention.opened endpoint_disabled"]);
  }, 60_000);
});

it("tells that the clock stands, when somebody asks how we are, and that it works again", async () => {
  await makeEndpoint("main", { events: ["attention.opened", "attention.ended"] });
  await journey.advance(0);
  const status = async () => (await journey.must(200, "GET", "/status")).body;
  expect((await status()).status).toBe("ok");
  await stopClock();
  expect((await status()).status).toBe("degraded");
  await expectHeard(["attention.opened sweep_stopped"]);
  expect((await status()).status).toBe("degraded");
  await journey.advance(0);
  expect((await status()).status).toBe("ok");
  await journey.advance(60);
  await expectHeard(["attention.ended sweep_stopped", "attention.opened sweep_stopped"]);
});

/** Makes the clock's last run too old. */
async function stopClock(): Promise<void> {
  await journey.advance(0);
  await env.DB.prepare("update cursors set moved_at = ? where name = 'sweep-ended'")
    .bind(Date.now() - 6 * 60_000)
    .run();
}

it("tells that the clock stands with whatever else the queues bring, once, and that it works again", async () => {
  await makeEndpoint("main", { events: ["attention.opened", "attention.ended"] });
  await stopClock();
  for (let changes = 0; changes < 2; changes += 1) {
    expect((await journey.accept(await journey.paidOffer())).status).toBe(204);
    await expectHeard(["attention.opened sweep_stopped"]);
  }
  await journey.advance(0);
  await expectHeard(["attention.ended sweep_stopped", "attention.opened sweep_stopped"]);
});

it("tells what else waits while the clock stands", async () => {
  await makeEndpoint("main", { events: ["attention.opened"] });
  await stopClock();
  await acceptedInDollars();
  await expectHeard(
    ["payout_failed", "settlement_currency", "sweep_stopped"].map((kind) => `attention.opened ${kind}`),
  );
});

it("tells that the clock stands although its runs begin, where all of them fail", async () => {
  await makeEndpoint("main", { events: ["attention.opened"] });
  await stopClock();
  const fails = "begin select raise(abort, 'not writable'); end";
  await env.DB.prepare(`create trigger fails before update on cursors when old.name = 'sweep-ended' ${fails}`).run();
  try {
    for (let runs = 0; runs < 2; runs += 1)
      await journey.call("POST", "/sandbox/control/clock", { body: { advanceSeconds: 60 } });
    await expectHeard(["attention.opened sweep_stopped"]);
  } finally {
    await env.DB.prepare("drop trigger fails").run();
  }
});

it("says what has been due for long", async () => {
  await journey.advance(0);
  await env.DB.prepare(
    `insert into stripe_events (id, type, object_id, payload, state, attempts, due_at, created_at, received_at)
     values ('evt_late', 'charge.refunded', 'ch_x', '{}', 'received', 0, ?, 0, 0)`,
  )
    .bind(Date.now() - 6 * 60_000)
    .run();
  const response = await exports.default.fetch(new Request("http://localhost:8787/api/v1/status"));
  expect(await response.json()).toMatchObject({ status: "degraded", oldest_due: { kind: "event" } });
});
