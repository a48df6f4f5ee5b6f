import type { Statement } from "../db/database";
import { type EndpointRow, enactHealth, noteHealth, updateEndpoint } from "../db/webhooks/endpoints";
import { type AttemptOutcome, judgeHealth } from "../domain/webhooks/delivery";
import type { EventType } from "../domain/webhooks/event";
import type { DeliveryDeps } from "./delivery";

/**
 * Judges an endpoint by an attempt, as the endpoint was when the attempt began: outdated results are not written. An
 * endpoint that stays well costs no write.
 */
export function healthOf(
  deps: DeliveryDeps,
  endpoint: EndpointRow,
  outcome: AttemptOutcome,
  nowMs: number,
): { rows: Statement[]; event?: { type: EventType; data: Record<string, unknown> } } {
  const since = endpoint.failingSince;
  const judgement = judgeHealth({ failingSinceMs: since, warnedAtMs: endpoint.warnedAt }, outcome, nowMs);
  const data = { endpointId: endpoint.id, url: endpoint.url, failingSince: new Date(since ?? nowMs).toISOString() };
  switch (judgement) {
    case "well":
      return {
        rows: since === null ? [] : [noteHealth(deps.db, endpoint, { failingSince: null, warnedAt: null })],
      };
    case "failing":
      return { rows: since === null ? [noteHealth(deps.db, endpoint, { failingSince: nowMs })] : [] };
    case "warn":
      return {
        rows: [enactHealth(deps.db, endpoint, { warnedAt: nowMs })],
        event: { type: "webhook_endpoint.failing", data },
      };
    case "disable": {
      const reason = outcome.kind === "gone" ? "gone" : "failing";
      const changes = { enabled: false, disabledReason: reason, disabledAt: nowMs };
      // An endpoint that says that it is gone is disabled, whatever other attempts found meanwhile.
      const enact =
        reason === "gone" ? updateEndpoint(deps.db, endpoint.id, changes) : enactHealth(deps.db, endpoint, changes);
      return {
        rows: [enact],
        event: { type: "webhook_endpoint.disabled", data: { ...data, reason } },
      };
    }
  }
}
