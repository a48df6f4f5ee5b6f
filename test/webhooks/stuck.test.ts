import { afterEach, beforeEach, expect, it } from "vitest";
import type { PerformDeps } from "../../src/operations/operations";
import { journey } from "../http/checked";
import { rows } from "../operations/rows";
import { copy } from "../operations/sweep/copies";
import { initiated, makeTenant, wired } from "../tenant";
import { arrived, boxUrl, makeEndpoint, newestAttempted, tellBox, tellSomething, until } from "./owner";

/** More than a sweep enqueues for one receiver. */
const count = 600;

beforeEach(() => journey.reset());
afterEach(() => rows("drop trigger if exists unwritable"));

const sweepOnce = () => journey.control("POST", "tick");

async function dueIn(table: string): Promise<number> {
  const [row] = await rows<{ n: number }>(`select count(*) as n from ${table} where due_at <= 2`);
  return row?.n ?? 0;
}

it("deliveries that cannot be attempted keep none of their endpoint's waiting", { timeout: 120_000 }, async () => {
  const endpoint = await makeEndpoint("crowded", { events: ["testimony.cancelled"] });
  await tellBox("crowded", "fail");
  await tellSomething(await journey.registerClient());
  await newestAttempted(endpoint);
  await copy({ table: "webhook_deliveries", where: "1", count }, { event_id: "'stuck' || i", due_at: "1" });
  await rows("update webhook_deliveries set due_at = 2 where event_id not like 'stuck%'");
  await rows(
    `create trigger unwritable before insert on webhook_attempts
     when new.event_id like 'stuck%' begin select raise(abort, 'not writable'); end`,
  );
  await tellBox("crowded", "ok");
  await sweepOnce();
  await until(async () => expect(await dueIn("webhook_deliveries")).toBe(count + 1 - 500));
  await sweepOnce();
  await until(async () => expect(await dueIn("webhook_deliveries")).toBe(0));
  const delivered = await rows<{ event_id: string }>(
    "select event_id from webhook_deliveries where state = 'delivered'",
  );
  expect(delivered).toHaveLength(1);
  await arrived("crowded", 1);
});

it("records that cannot be sent keep none of their application's waiting", { timeout: 120_000 }, async () => {
  const deps: PerformDeps = await wired();
  const sender = await makeTenant(deps);
  const receiver = await makeTenant(deps, { webhookUrl: boxUrl("receiver") });
  await tellBox("receiver", "fail");
  await initiated(deps, sender, receiver);
  await until(async () => expect(await rows("select 1 from transfer_webhooks where attempts = 1")).toHaveLength(1));
  await copy({ table: "transfer_webhooks", where: "1", count }, { reference: "'stuck-' || i", due_at: "1" });
  await rows("update transfer_webhooks set due_at = 2 where reference not like 'stuck%'");
  await tellBox("receiver", "ok");
  await sweepOnce();
  await until(async () => expect(await dueIn("transfer_webhooks")).toBe(count + 1 - 500));
  await sweepOnce();
  await until(async () => expect(await dueIn("transfer_webhooks")).toBe(0));
  expect(await rows("select 1 from transfer_webhooks where state = 'DELIVERED'")).toHaveLength(1);
});
