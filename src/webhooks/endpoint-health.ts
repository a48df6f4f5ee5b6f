import type { Statement } from "../db/database";
import { type EndpointRow, enactHealth, noteHealth, updateEndpoint } from "../db/webhook-endpoints";
import { type AttemptOutcome, judgeHealth } from "../domain/delivery";
import type { EventType } from "../domain/event";
import type { DeliveryDeps } from "./delivery";

/**
 * What an attempt says about its endpoint, as it was when the attempt began: what is no longer so is not noted. A well one
 * that stays well costs nothing.
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
      // Who says to be gone is believed, whatever others heard meanwhile.
      const enact =
        reason === "gone" ? updateEndpoint(deps.db, endpoint.id, changes) : enactHealth(deps.db, endpoint, changes);
      return {
        rows: [enact],
        event: { type: "webhook_endpoint.disabled", data: { ...data, reason } },
      };
    }
  }
}
