import {
  deleteEndpoint,
  insertEndpoint,
  loadEndpoint,
  updateEndpoint,
  type WebhookEndpoint,
} from "../../db/webhooks/endpoints";
import { deleteSecrets, endSecrets, insertSecret } from "../../db/webhooks/secrets";
import { done, type Result, refuse, success } from "../../domain/result";
import { appendChange } from "../change";
import type { Deps } from "../deps";

type Settings = Pick<WebhookEndpoint, "url" | "description" | "events" | "metadata" | "enabled">;

/** `actor` is the caller, for the journal. The secret is sealed. */
type NewEndpoint = Pick<WebhookEndpoint, "id" | "owner" | "wire"> & Settings & { actor: string; secret: string };

/** An endpoint that exists, by its owner. `actor` is the caller, for the journal. */
interface OwnedEndpoint {
  owner: string;
  actor: string;
  id: string;
}

/** Adds an endpoint. Its secret arrives sealed: an operation never sees one. */
export async function createWebhookEndpoint(
  deps: Deps,
  { actor, secret, ...endpoint }: NewEndpoint,
): Promise<Result<WebhookEndpoint>> {
  const row = {
    ...endpoint,
    disabledReason: null,
    failingSince: null,
    warnedAt: null,
    disabledAt: null,
    createdAt: deps.nowMs(),
  };
  const position = { aggregateId: row.id, tenant: row.owner, audience: row.owner, version: 0, sequence: 0 };
  await appendChange(deps, position, {
    name: "create-webhook-endpoint",
    actor,
    data: { url: row.url, events: row.events },
    rows: insertEndpoint(deps.db, row, secret, deps.settings.openRows.endpoints),
  });
  return success({ ...row, previousSecretUntil: null });
}

/** Changes an endpoint. Enabling it resets its health; disabling it records who did it. */
export async function updateWebhookEndpoint(
  deps: Deps,
  { owner, actor, id, changes }: OwnedEndpoint & { changes: Partial<Settings> },
): Promise<Result<WebhookEndpoint>> {
  const loaded = await loadEndpoint(deps.db, owner, id, deps.nowMs());
  if (!loaded) return refuse("endpoint_unknown");
  const all = { ...changes, ...healthAfter(loaded.endpoint, changes.enabled) };
  const answer = success({ ...loaded.endpoint, ...all });
  await appendChange(deps, loaded, {
    name: "update-webhook-endpoint",
    actor,
    data: { changed: Object.keys(changes) },
    rows: Object.keys(all).length === 0 ? [] : [updateEndpoint(deps.db, id, all)],
    answer,
  });
  return answer;
}

function healthAfter(endpoint: WebhookEndpoint, enabled: boolean | undefined): Partial<WebhookEndpoint> {
  if (enabled === undefined || enabled === endpoint.enabled) return {};
  return enabled
    ? { disabledReason: null, failingSince: null, warnedAt: null, disabledAt: null }
    : { disabledReason: "owner" };
}

/** Deletes an endpoint. Its waiting deliveries are dropped when they are due. */
export async function deleteWebhookEndpoint(deps: Deps, { owner, actor, id }: OwnedEndpoint): Promise<Result<null>> {
  const loaded = await loadEndpoint(deps.db, owner, id, deps.nowMs());
  if (!loaded) return refuse("endpoint_unknown");
  const { url } = loaded.endpoint;
  await appendChange(deps, loaded, {
    name: "delete-webhook-endpoint",
    actor,
    data: { url },
    rows: deleteEndpoint(deps.db, id),
    answer: done,
  });
  return done;
}

/** The most secrets that may sign at once: each adds a signature to the header of every message. */
const liveSecretsMax = 5;

/**
 * Gives an endpoint a new secret. The one before it signs too until the overlap is over, and so does each that has an
 * end of its own already; without an overlap all of them end at once. Refuses `secrets_full`.
 */
export async function rotateWebhookSecret(
  deps: Deps,
  { owner, actor, id, secret, overlapMs }: OwnedEndpoint & { secret: string; overlapMs: number },
): Promise<Result<WebhookEndpoint>> {
  const nowMs = deps.nowMs();
  const loaded = await loadEndpoint(deps.db, owner, id, nowMs);
  if (!loaded) return refuse("endpoint_unknown");
  const { endpoint, secrets } = loaded;
  if (overlapMs > 0 && secrets.length >= liveSecretsMax) return refuse("secrets_full");
  const endsAt = nowMs + overlapMs;
  const previousSecretUntil = overlapMs === 0 ? endsAt : Math.max(endsAt, ...secrets.map((one) => one.endsAt ?? 0));
  await appendChange(deps, loaded, {
    name: "rotate-webhook-secret",
    actor,
    data: { previousUntil: endsAt },
    rows: [
      deleteSecrets(deps.db, id, nowMs),
      endSecrets(deps.db, id, endsAt, { all: overlapMs === 0 }),
      insertSecret(deps.db, { endpointId: id, number: (secrets[0]?.number ?? 0) + 1, secret, endsAt: null }),
    ],
  });
  return success({ ...endpoint, previousSecretUntil });
}

/** Sends a test event to this endpoint alone, whatever its subscriptions and even if it is disabled. */
export async function testWebhookEndpoint(
  deps: Deps,
  { owner, actor, id }: OwnedEndpoint,
): Promise<Result<{ eventId: string }>> {
  const loaded = await loadEndpoint(deps.db, owner, id, deps.nowMs());
  if (!loaded) return refuse("endpoint_unknown");
  const eventId = deps.newId();
  const answer = success({ eventId });
  await appendChange(deps, loaded, {
    name: "test-webhook-endpoint",
    actor,
    data: { eventId },
    rows: [],
    events: [
      { id: eventId, type: "webhook_endpoint.test", data: { endpointId: id, url: loaded.endpoint.url }, onlyTo: id },
    ],
    answer,
  });
  return answer;
}
