import {
  deleteEndpoint,
  insertEndpoint,
  loadEndpoint,
  secretsOf,
  updateEndpoint,
  type WebhookEndpoint,
} from "../../db/webhooks/endpoints";
import { done, type Result, refuse, success } from "../../domain/result";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import { succeedSecret } from "../succeed-secret";

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
    rows: insertEndpoint(deps.db, row, secret),
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

/** Gives an endpoint a new secret, as every holder of secrets gets one. Refuses `secrets_full`. */
export async function rotateWebhookSecret(
  deps: Deps,
  { owner, actor, id, ...next }: OwnedEndpoint & { secret: string; overlapMs: number },
): Promise<Result<WebhookEndpoint>> {
  const loaded = await loadEndpoint(deps.db, owner, id, deps.nowMs());
  if (!loaded) return refuse("endpoint_unknown");
  const succession = succeedSecret(deps, secretsOf(id), loaded.secrets, next);
  if (!succession.ok) return succession;
  const { rows, endsAt, previousUntil } = succession.value;
  await appendChange(deps, loaded, { name: "rotate-webhook-secret", actor, data: { previousUntil: endsAt }, rows });
  return success({ ...loaded.endpoint, previousSecretUntil: previousUntil });
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
