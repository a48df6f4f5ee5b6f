import { ofEndpoint } from "../lock-keys";
import { operation } from "../operation";
import { eraseWebhookEvent, recoverWebhookDeliveries, resendWebhookDelivery } from "./deliveries";
import {
  createWebhookEndpoint,
  deleteWebhookEndpoint,
  rotateWebhookSecret,
  testWebhookEndpoint,
  updateWebhookEndpoint,
} from "./endpoints";

/** The operations of webhook endpoints and their deliveries. */
export const webhookOperations = {
  "create-webhook-endpoint": operation(createWebhookEndpoint),
  "update-webhook-endpoint": operation(updateWebhookEndpoint),
  "delete-webhook-endpoint": operation(deleteWebhookEndpoint),
  "rotate-webhook-secret": operation(rotateWebhookSecret),
  "test-webhook-endpoint": operation(testWebhookEndpoint, { key: ofEndpoint }),
  "resend-webhook-delivery": operation(resendWebhookDelivery),
  "recover-webhook-deliveries": operation(recoverWebhookDeliveries),
  "erase-webhook-event": operation(eraseWebhookEvent),
};
