import { env } from "cloudflare:workers";
import { beforeEach, expect, it } from "vitest";
import { loadDueTransfers } from "../../../src/db/transfers/due-transfers";
import type { TransferView } from "../../../src/db/transfers/transfers";
import { refuse } from "../../../src/domain/result";
import type { Command, PerformDeps } from "../../../src/operations/operations";
import { sweep } from "../../../src/operations/sweep";
import { sweepTransfers } from "../../../src/operations/transfers/sweep-transfers";
import { journey } from "../../http/checked";
import { expectBooksInOrder } from "../../outcome";
import { accepted, initiated, makeTenant, type Tenant, wired } from "../../tenant";
import { boxUrl, tellBox, until } from "../../webhooks/owner";
import { rows } from "../rows";

let deps: PerformDeps;
let sender: Tenant;
let receiver: Tenant;

beforeEach(async () => {
  await journey.reset();
  deps = await wired();
  sender = await makeTenant(deps);
  receiver = await makeTenant(deps, { webhookUrl: boxUrl("receiver") });
});

/** Inserts so many copies of this transfer, which expire in the same second, each with the beginning of its journal. */
async function multiply({ reference, id }: TransferView, count: number): Promise<void> {
  const [columns] = await rows<Record<string, unknown>>("select * from transfers where reference = ?", reference);
  const others = Object.keys(columns ?? {}).filter((name) => name !== "reference" && name !== "id");
  await rows(
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)
     insert into transfers (reference, id, ${others.join(", ")})
     select reference || '-' || i, substr(id, 1, 24) || printf('%012x', i), ${others.join(", ")}
     from transfers, n where reference = ?`,
    count,
    reference,
  );
  await rows(
    `insert into journal (aggregate_id, version, change_id, tenant, name, actor, at, request_id, data)
     select t.id, 1, t.id, tenant, name, actor, at, request_id, json_set(data, '$.reference', t.reference)
     from transfers t, journal where journal.aggregate_id = ? and t.id <> journal.aggregate_id`,
    id,
  );
}

async function countOf(state: string): Promise<number> {
  const [row] = await rows<{ n: number }>("select count(*) as n from transfers where state = ?", state);
  return row?.n ?? 0;
}

it("expires hundreds that end in the same second, in one run", { timeout: 300_000 }, async () => {
  const transfer = await initiated(deps, sender, receiver);
  await multiply(transfer, 599);
  const later = { ...deps, nowMs: () => transfer.expiresAt };
  expect(await sweepTransfers({ ...later, nowMs: () => transfer.expiresAt - 1 })).toBe(0);

  const told: unknown[] = [];
  const enqueueCommands = async (commands: readonly unknown[]) => void told.push(...commands);
  expect(await sweepTransfers({ ...later, enqueueCommands })).toBe(600);
  expect(told).toHaveLength(600);
  expect(told).toContainEqual({ name: "expire-transfer", input: { reference: transfer.reference } });
  expect(await countOf("EXPIRED")).toBe(0); // lost: the next run finds them again

  await journey.control("POST", "clock", { advanceSeconds: 25 * 60 * 60 });
  await until(async () => expect(await countOf("AWAITING_ACCEPTANCE")).toBe(0));
  expect(await countOf("EXPIRED")).toBe(600);
  await expectBooksInOrder(journey);
});

it("gives every application its turn, whatever the backlog of another", async () => {
  await tellBox("receiver", "fail");
  const mine = await initiated(deps, sender, receiver);
  const crowded = await makeTenant(deps);
  await env.DB.prepare(
    `with recursive n(i) as (select 1 union all select i + 1 from n where i < 3000)
     insert into transfer_webhooks (reference, direction, id, transfer_id, application_id, application_name, target_url,
       event_type, state, attempts, due_at, created_at, updated_at)
     select 'backlog-' || i, 'SENDER', i, i, ?, 'Crowded', 'https://crowded.example.org/', 'TRANSACTION_COMPLETED',
       'PENDING', 1, 1, 1, 1 from n`,
  )
    .bind(crowded.id)
    .run();
  const page = { cursor: "expirations", limit: 1 };
  const { jobs } = await loadDueTransfers(deps.db, mine.createdAt + 60_000, page);
  const [own, others] = [receiver, crowded].map(({ id }) => jobs.filter((one) => one.applicationId === id));
  const record = { applicationId: receiver.id, reference: mine.reference, direction: "RECEIVER" };
  expect(own).toEqual([{ kind: "transfer", ...record, eventType: "TRANSACTION_INITIATED" }]);
  expect(others).toHaveLength(500);
});

it("comes before whatever waits for Stripe", async () => {
  const transfer = await initiated(deps, sender, receiver);
  await rows(
    `insert into stripe_events (id, type, object_id, payload, state, attempts, due_at, created_at, received_at)
     values ('evt_1', 'charge.updated', 'ch_1', '{}', 'received', 0, 1, 1, 1)`,
  );
  const done: string[] = [];
  const note = (commands: readonly Command[]) => void done.push(...commands.map(({ name }) => name));
  const noting: PerformDeps = {
    ...deps,
    nowMs: () => transfer.expiresAt,
    enqueueCommands: async (commands) => note(commands),
    runSerialized: async (command) => {
      note([command as Command]);
      return refuse("busy");
    },
  };
  await sweep(noting, {});
  expect(done).toEqual(expect.arrayContaining(["expire-transfer", "process-stripe-event"]));
  expect(done.indexOf("expire-transfer")).toBeLessThan(done.indexOf("process-stripe-event"));
});

it("comes round to all, however many before them cannot be expired", { timeout: 300_000 }, async () => {
  const transfer = await initiated(deps, sender, receiver);
  await multiply(transfer, 3_400);
  await rows("update transfers set expires_at = expires_at - 1000 where reference <> ?", transfer.reference);
  const asked = new Set<string>();
  const enqueueCommands = async (commands: readonly Command[]) => {
    for (const { input } of commands) if ("reference" in input) asked.add(input.reference);
  };
  const later = { ...deps, nowMs: () => transfer.expiresAt, enqueueCommands };
  await sweepTransfers(later);
  expect(asked.has(transfer.reference)).toBe(false);
  await sweepTransfers(later);
  expect(asked.has(transfer.reference)).toBe(true);
  expect(await rows("select value from cursors where name = 'expirations'")).toEqual([{ value: 0 }]);
});

it("goes on where nothing can be settled", async () => {
  await accepted(deps, receiver, await initiated(deps, sender, receiver));
  const later = { ...deps, nowMs: () => Date.now() + 3 * 24 * 60 * 60 * 1000 };
  let read = 0;
  const batch: typeof deps.db.batch = (statements) => {
    read += 1;
    return read === 3 ? Promise.reject(new Error("too much to read")) : deps.db.batch(statements);
  };
  const broken = { ...later, db: Object.assign(Object.create(deps.db), { batch }) };
  expect(await sweepTransfers(broken)).toBe(0);
  expect(read).toBe(3);
  expect(await rows("select * from settlement_batches")).toEqual([]);
  await sweepTransfers(later);
  expect(await rows("select status from settlement_batches limit 1")).toEqual([{ status: "COMPLETED" }]);
});
