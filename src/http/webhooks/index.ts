import type { Route } from "../route";
import { createWebhookEndpoint } from "./create-webhook-endpoint";
import { deleteWebhookEndpoint } from "./delete-webhook-endpoint";
import { eraseWebhookPayload } from "./erase-webhook-payload";
import { listEventTypes } from "./list-event-types";
import { listWebhookDeliveries } from "./list-webhook-deliveries";
import { listWebhookEndpoints } from "./list-webhook-endpoints";
import { recoverWebhookDeliveries } from "./recover-webhook-deliveries";
import { resendWebhookDelivery } from "./resend-webhook-delivery";
import { rotateWebhookSecret } from "./rotate-webhook-secret";
import { testWebhookEndpoint } from "./test-webhook-endpoint";
import { updateWebhookEndpoint } from "./update-webhook-endpoint";
import { viewWebhookDelivery } from "./view-webhook-delivery";
import { viewWebhookEndpoint } from "./view-webhook-endpoint";

/** The routes of outbound webhooks: endpoints, their deliveries, and the event types. */
export const webhookRoutes: readonly Route[] = [
  createWebhookEndpoint,
  listWebhookEndpoints,
  viewWebhookEndpoint,
  updateWebhookEndpoint,
  deleteWebhookEndpoint,
  rotateWebhookSecret,
  testWebhookEndpoint,
  recoverWebhookDeliveries,
  listWebhookDeliveries,
  viewWebhookDelivery,
  resendWebhookDelivery,
  eraseWebhookPayload,
  listEventTypes,
];
