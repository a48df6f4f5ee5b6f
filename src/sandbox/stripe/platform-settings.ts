import type Stripe from "stripe";
import { API_VERSION } from "../core/version";
import { payoutSchedule } from "./automatic-payouts";
import type { Handler } from "./call";

/** `GET /v1/balance_settings` of the platform: its payout schedule. */
export const retrieveBalanceSettings: Handler = ({ world }) => ({
  object: "balance_settings",
  payments: {
    debit_negative_balances: true,
    payouts: {
      automatic_transfer_rules_by_currency: null,
      minimum_balance_by_currency: null,
      schedule: { interval: payoutSchedule(world) },
      statement_descriptor: null,
      status: "enabled",
    },
    settlement_timing: { delay_days: 2, start_of_day: null },
  },
});

/** `GET /v1/webhook_endpoints`: the two that the sandbox delivers to, which exist without registration. */
export const listWebhookEndpoints: Handler = ({ world }) => ({
  object: "list",
  data: ["we_sandboxconnected", "we_sandboxplatform"].map(
    (id): Stripe.WebhookEndpoint => ({
      id,
      object: "webhook_endpoint",
      api_version: API_VERSION,
      application: null,
      created: 1_760_000_000,
      description: null,
      enabled_events: ["*"],
      livemode: false,
      metadata: {},
      status: "enabled",
      url: `${world.origin()}/api/v1/webhooks`,
    }),
  ),
  has_more: false,
  url: "/v1/webhook_endpoints",
});
