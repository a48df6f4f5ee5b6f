import { env } from "cloudflare:workers";
import { expect, vi } from "vitest";
import type { FoundKind } from "../../../../src/domain/attention";
import { dayBefore, dayOf } from "../../../../src/domain/transfers/day";
import { acceptedOffer } from "../../../operations/offers/accepted-offer";
import { TransfersJourney } from "../../../transfers-journey";
import { boxUrl, makeEndpoint, tellBox } from "../../../webhooks/owner";
import { journey } from "../../checked";
import { entries, operator } from "./entry";
import type { Causes } from "./waits";

const minuteMs = 60_000;
const transfers = new TransfersJourney(journey);

/** The causes of everything that waits about the service itself: events, deliveries, days, lists and the clock. */
export const ofUpkeep = {
  stripe_event_dead: {
    "it was given up": async () => {
      const insert = `insert into stripe_events (id, type, object_id, payload, state, attempts, created_at, received_at, failure)
        values ('evt_dead', 'charge.refunded', 'ch_x', '{"data":{"object":{"id":"ch_x"}}}', 'dead', 12, 1, 1, 'gave up')`;
      await env.DB.prepare(insert).run();
      return {};
    },
  },
  endpoint_disabled: { "it has said to be gone": endpointGone },
  deliveries_failed: { "its endpoint has said to be gone": endpointGone },
  transfer_webhooks_failed: {
    "its application has said to be gone": async () => {
      const [sender, receiver] = [await transfers.tenant(), await transfers.tenant({ webhookUrl: boxUrl("receiver") })];
      await tellBox("receiver", "gone");
      await transfers.initiated(sender, receiver);
      await vi.waitFor(async () => expect(await entries()).toHaveLength(1), 60_000);
      const back = () => tellBox("receiver", "ok");
      return {
        before: { "retry-webhook-of-any": back },
        after: { "retry-webhook-of-any": () => waitsNoMore() },
      };
    },
  },
  settlement_failed: {
    "its sides differ": async () => {
      const administrator = await transfers.tenant();
      await journey.operator("PATCH", `/applications/${administrator.id}`, { admin: true });
      const day = dayBefore(dayOf(Date.now()));
      await transfers.must(administrator, "POST", `/settlement/trigger?date=${day}`);
      await env.DB.prepare(
        "update settlement_batches set status = 'FAILED', error_message = 'They differ', total_debited_low = 1",
      ).run();
      return {};
    },
  },
  cursor_behind: {
    "a list of Stripe's was not read": async () => {
      await cursorAt("stripe-fees", Date.now() - 2 * 60 * minuteMs);
      return { mend: () => journey.advance(0) };
    },
  },
  sweep_stopped: {
    "its trigger is gone": async () => {
      await cursorAt("sweep-ended", Date.now() - 6 * minuteMs);
      return { mend: () => journey.advance(0) };
    },
  },
} satisfies Partial<Record<FoundKind, Causes>>;

async function endpointGone() {
  await makeEndpoint("main");
  await tellBox("main", "gone");
  await acceptedOffer(journey);
  await vi.waitFor(async () => expect(await entries()).toHaveLength(2), 60_000);
  const back = () => tellBox("main", "ok");
  const enable = async () => {
    await back();
    const [one] = await entries();
    await journey.must(200, "PATCH", `/webhook-endpoints/${one?.about.id}`, { ...operator, body: { enabled: true } });
  };
  return {
    senders: { owner: operator },
    before: { "update-webhook-endpoint": back, "recover-deliveries-of-any": enable },
    after: { "recover-deliveries-of-any": () => waitsNoMore() },
  };
}

/** Deliveries are made in the background. */
function waitsNoMore(): Promise<void> {
  return vi.waitFor(async () => expect(await entries()).toEqual([]), 60_000);
}

async function cursorAt(name: string, atMs: number): Promise<void> {
  const insert = "insert or replace into cursors (name, value, moved_at) values (?, ?, ?)";
  await env.DB.prepare(insert).bind(name, atMs, atMs).run();
}
