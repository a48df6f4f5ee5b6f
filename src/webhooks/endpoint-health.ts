import type { Statement } from "../db/database";
import { updateEndpoint, type WebhookEndpoint } from "../db/webhook-endpoints";
import { type AttemptOutcome, judgeHealth } from "../domain/delivery";
import type { EventType } from "../domain/event";
import type { DeliveryDeps } from "./delivery";

/** What an attempt says about its endpoint. A well one that stays well costs nothing. */
export function healthOf(
  deps: DeliveryDeps,
  endpoint: WebhookEndpoint,
  outcome: AttemptOutcome,
  nowMs: number,
): { rows: Statement[]; event?: { type: EventType; data: Record<string, unknown> } } {
  const since = endpoint.failingSince;
  const judgement = judgeHealth({ failingSinceMs: since, warnedAtMs: endpoint.warnedAt }, outcome, nowMs);
  const data = { endpointId: endpoint.id, url: endpoint.url, failingSince: new Date(since ?? nowMs).toISOString() };
  switch (judgement) {
    case "well":
      return {
        rows: since === null ? [] : [updateEndpoint(deps.db, endpoint.id, { failingSince: null, warnedAt: null })],
      };
    case "failing":
      return { rows: since === null ? [updateEndpoint(deps.db, endpoint.id, { failingSince: nowMs })] : [] };
    case "warn":
      return {
        rows: [updateEndpoint(deps.db, endpoint.id, { warnedAt: nowMs })],
        event: { type: "webhook_endpoint.failing", data },
      };
    case "disable": {
      const reason = outcome.kind === "gone" ? "gone" : "failing";
      return {
        rows: [updateEndpoint(deps.db, endpoint.id, { enabled: false, disabledReason: reason })],
        event: { type: "webhook_endpoint.disabled", data: { ...data, reason } },
      };
    }
  }
}
