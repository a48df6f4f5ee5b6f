import type { Database } from "../../db/database";
import { selectOwnedDelivery, type WebhookDelivery } from "../../db/webhooks/deliveries";
import { selectEndpointById, type WebhookEndpoint } from "../../db/webhooks/endpoints";
import type { Refusal } from "../../domain/refusal";
import { keyOfDelivery } from "./delivery-object";

type Look = { db: Database; params: Record<string, string> };
type Owned = { owner: string };

/** Finds the endpoint that a path names. Another owner's counts as unknown. */
export const ownEndpoint = {
  load: ({ db, params: { id = "" } }: Look) => [selectEndpointById(db, id)] as const,
  find: ([[endpoint]]: readonly [readonly WebhookEndpoint[]]): WebhookEndpoint | Refusal =>
    endpoint ?? "endpoint_unknown",
  permit: (caller: Owned, { owner }: Owned): Refusal | undefined =>
    owner === caller.owner ? undefined : "endpoint_unknown",
};

type OwnedDelivery = Owned & { delivery: WebhookDelivery };

/** Finds a delivery in the same way. */
export const ownDelivery = {
  load: ({ db, params: { id = "" } }: Look) => [selectOwnedDelivery(db, keyOfDelivery(id) ?? noKey)] as const,
  find: ([[found]]: readonly [readonly OwnedDelivery[]]): OwnedDelivery | Refusal => found ?? "delivery_unknown",
  permit: (caller: Owned, { owner }: Owned): Refusal | undefined =>
    owner === caller.owner ? undefined : "delivery_unknown",
};

const noKey = { endpointId: "", eventId: "" };
