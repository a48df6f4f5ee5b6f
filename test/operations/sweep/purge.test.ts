import { beforeEach, expect, it } from "vitest";
import { until } from "../../webhooks/owner";
import { rows } from "../rows";
import { journey, kinds } from "./unsettleable";

beforeEach(() => journey.reset());

const count = 1_300;

/** Inserts so many expired rows, and of each kind one that is not expired. */
async function fill(nowMs: number): Promise<void> {
  const many = `with recursive n(i) as (select 0 union all select i + 1 from n where i < ${count})`;
  const endsAt = `case i when 0 then ${nowMs} + 100000000 else 1 end`;
  await rows(`${many} insert into idempotency_keys (caller, operation, key, fingerprint, claim_id, claimed_at, expires_at)
    select 'caller', 'operation', i, 'f', 'c', 1, ${endsAt} from n`);
  await rows(`${many} insert into access_tokens (hash, id, prefix, user_id, created_at, expires_at, used_at, network)
    select 'hash' || i, i, 'p', 'u', 1, ${endsAt}, 1, '' from n`);
  await rows(`${many} insert into stripe_events (id, type, object_id, payload, state, attempts, due_at, created_at, received_at)
    select 'evt_over' || i, 'charge.updated', 'ch_1', 'what Stripe wrote', 'processed', 1, ${endsAt}, 1, 1 from n`);
  await rows(`${many} insert into webhook_deliveries (endpoint_id, event_id, aggregate_id, sequence, type, state, replay, attempts, due_at, created_at)
    select 'endpoint', i, 'a', 1, 't', 'delivered', 0, 2, ${endsAt}, 1 from n`);
  await rows(`${many} insert into webhook_attempts (endpoint_id, event_id, number, at, duration_ms, outcome)
    select 'endpoint', i, number, 1, 1, 'delivered' from n, (select 1 as number union select 2)`);
}

it("forgets by itself whatever is over, and keeps nothing waiting that is due", async () => {
  const { body } = await journey.control("GET", "clock");
  await fill(body.nowSeconds * 1000);
  const state = await kinds.event?.settleable();
  await journey.control("POST", "tick");
  expect(await state?.()).toBe("processed");
  await until(async () => {
    const left = await rows(`select
      (select count(*) from idempotency_keys) as keys, (select count(*) from access_tokens) as tokens,
      (select count(*) from stripe_events where payload = 'what Stripe wrote') as payloads,
      (select count(*) from webhook_deliveries) as deliveries, (select count(*) from webhook_attempts) as attempts`);
    expect(left).toEqual([{ keys: 1, tokens: 1, payloads: 1, deliveries: 1, attempts: 2 }]);
  });
});
