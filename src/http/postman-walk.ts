/** One request of the walk. */
export interface Step {
  operationId: string;
  /** Says what is different where the operation comes twice. */
  note?: string;
  /** The variable of the bearer token, where it is not the one of the description. */
  as?: string;
  /** Members in place of those of the example; null leaves one out. */
  body?: Readonly<Record<string, unknown>>;
  /** Values of parameters of the query. */
  query?: Readonly<Record<string, string>>;
  /** The variables of the path's names, where they are not those that the path itself tells. */
  path?: Readonly<Record<string, string>>;
  /** What a success fills in: variables, each with its place in the answer, as JavaScript that continues `answer`. */
  keep?: Readonly<Record<string, string>>;
  /** The place of the address of a page. Where it is the sandbox's, it is filled in as a person would do it. */
  page?: { at: string; form?: string };
}

/** Values that every run of the whole collection makes anew, in its first request: names must be free. */
export const freshValues: Readonly<Record<string, string>> = {
  run: "Date.now().toString(36)",
  phone: '"+421905" + String(Date.now()).slice(-6)',
  orderId: '"order-" + Date.now()',
  endedOrderId: '"order-" + Date.now() + "-ended"',
};

const account = { account_id: "{{connectedAccountId}}" };
const inbox = "{{baseUrl}}/sandbox/inbox/postman";
const onboarding = { at: ".links?.onboarding_url", form: "complete=yes" };
const transfer = {
  operationId: "initiate-transfer",
  body: { senderTag: "{{tag}}", receiverTag: "{{receiverTag}}", callbackUrl: inbox },
  keep: { reference: ".data?.reference" },
};
const ofTransfer = { path: { id: "reference" } };
const endedOrder = { path: { orderId: "endedOrderId" } };
const payment = {
  operationId: "create-payment",
  keep: { transactionId: ".data?.transaction_id", paymentId: ".data?.transaction_id" },
};
const opened = {
  operationId: "open-connected-account",
  body: { email: "seller.{{run}}@example.com" },
  keep: { connectedAccountId: ".data?.account_id" },
};
const asked = { operationId: "create-testimony", keep: { testimonyId: ".data?.id" } };
const ofUser = { path: { id: "accountId" } };
const expert = { as: "expertToken" };

/** The requests in an order in which each finds what it needs. Operations that are not named follow at the end. */
export const walk: Readonly<Record<string, readonly (string | Step)[]>> = {
  Service: ["view-root", "view-status", "list-errors", "view-error", "list-event-types", "receive-stripe-event"],
  "Offers: people": [
    { operationId: "register-client", body: { email: "client.{{run}}@example.com" }, keep: { bearer: ".data?.token" } },
    {
      operationId: "register-expert",
      body: { email: "expert.{{run}}@example.com", phone: "{{phone}}" },
      keep: { expertToken: ".data?.token" },
    },
    { operationId: "log-in", body: { email: "client.{{run}}@example.com" }, keep: { bearer: ".data?.token" } },
    "view-profile",
    "update-profile",
    { operationId: "list-sessions", keep: { loginId: ".data?.find(({ current }) => !current)?.id" } },
    { operationId: "end-session", path: { id: "loginId" } },
    { operationId: "open-payout-account", ...expert, page: { at: ".data?.url", form: "complete=yes" } },
    { operationId: "view-payout-account", ...expert },
  ],
  "Offers: from the question to the payment": [
    { ...asked, note: "to be cancelled" },
    "cancel-testimony",
    asked,
    "list-testimonies",
    { operationId: "list-offerable-testimonies", ...expert },
    { operationId: "create-offer", ...expert, keep: { offerId: ".data?.id" } },
    { operationId: "withdraw-offer", ...expert },
    { operationId: "create-offer", note: "another", ...expert, keep: { offerId: ".data?.id" } },
    { operationId: "list-own-offers", ...expert },
    "list-offers",
    {
      operationId: "start-checkout",
      keep: { sessionId: '.data?.url?.split("/").at(-1)' },
      page: { at: ".data?.url", form: "cardNumber=4242424242424242" },
    },
    "view-checkout-session",
    { operationId: "accept-offer", body: { sessionId: "{{sessionId}}" } },
    "view-testimony",
    "explain-testimony",
    { operationId: "complete-testimony", ...expert },
    "list-notifications",
  ],
  "Payments: a shop": [
    {
      operationId: "create-developer",
      body: { email: "shop.{{run}}@example.com" },
      keep: { developerToken: ".data?.token", developerId: ".data?.id" },
    },
    { operationId: "create-app", keep: { appId: ".data?.id" } },
    "list-apps",
    { operationId: "create-app-user", body: { app_id: "{{appId}}" }, keep: { userId: ".data?.id" } },
    "list-tokens",
    { operationId: "create-token", keep: { prefix: ".data?.prefix" } },
    "revoke-token",
    { ...opened, note: "to be deleted" },
    "delete-connected-account",
    opened,
    { operationId: "create-onboarding-link", body: account, page: onboarding },
    "view-connected-account",
    "list-connected-accounts",
    { operationId: "create-login-link", body: account },
  ],
  "Payments: from the order to the refund": [
    { operationId: "put-order", note: "to be ended", body: account, ...endedOrder },
    { ...payment, note: "to be ended", body: { ...account, order_id: "{{endedOrderId}}" } },
    "cancel-payment",
    { operationId: "cancel-order", ...endedOrder },
    { operationId: "put-order", body: account },
    "view-order",
    { operationId: "attach-payment-method", keep: { paymentMethodId: ".data?.id" } },
    "list-payment-methods",
    "view-payment-method",
    "prefer-payment-method",
    { ...payment, body: { ...account, order_id: "{{orderId}}", capture_method: "manual" } },
    { operationId: "confirm-payment", body: { ...account, transaction_id: "{{transactionId}}" } },
    "capture-payment",
    "view-payment",
    "explain-payment",
    "list-payments",
    {
      operationId: "refund-payment",
      body: { ...account, order_id: "{{orderId}}" },
      keep: { refundId: ".data?.refund_id" },
    },
    "view-payment-refund",
    "explain-payment-refund",
    "list-payment-refunds",
    { operationId: "list-payment-disputes", keep: { disputeId: ".data?.[0]?.dispute_id" } },
    "view-payment-dispute",
  ],
  "Transfers: an application": [
    {
      operationId: "register-application",
      body: { appHandle: "wallet-{{run}}", transactionWebhookUrl: inbox },
      keep: { applicationId: ".data?.clientId", clientSecret: ".data?.clientSecret" },
    },
    {
      operationId: "issue-token",
      body: { client_id: "{{applicationId}}", client_secret: "{{clientSecret}}" },
      keep: { applicationToken: ".data?.token" },
    },
    { operationId: "admit-application", note: "as one that may settle", body: { admin: true } },
    { operationId: "view-application", keep: { secretPrefix: ".data?.clientSecrets?.at(-1)?.prefix" } },
    { operationId: "rotate-application-client-secret", keep: { clientSecret: ".data?.clientSecret" } },
    { operationId: "end-application-client-secret", path: { prefix: "secretPrefix" } },
    { operationId: "update-application", body: { transactionWebhookUrl: inbox, encryptionEnabled: false } },
    "rotate-application-key",
    "rotate-application-webhook-secret",
    "view-encryption-key",
    { operationId: "create-subject", keep: { subjectId: ".data?.id" } },
    "view-subject",
    "list-subjects",
    {
      operationId: "create-tag",
      note: "of the receiver",
      body: { subjectId: "{{subjectId}}", tagString: "bob" },
      keep: { receiverTag: ".data?.qualifiedTag" },
    },
    { operationId: "create-tag", body: { subjectId: "{{subjectId}}" }, keep: { tag: ".data?.qualifiedTag" } },
    "update-tag",
    "resolve-tag",
    "list-tags",
    "provision-wallet",
    "view-wallet",
    "list-wallets",
  ],
  "Transfers: from the tag to the settlement": [
    { ...transfer, note: "to be taken back" },
    { operationId: "cancel-transfer", ...ofTransfer },
    { ...transfer, note: "to be rejected" },
    "reject-transfer",
    transfer,
    "list-pending-transfers",
    "accept-transfer",
    { operationId: "view-transfer", ...ofTransfer },
    { operationId: "explain-transfer", ...ofTransfer },
    "list-sent-transfers",
    "list-received-transfers",
    "list-wallet-entries",
    { operationId: "list-transfer-webhooks", keep: { webhookId: ".data?.[0]?.id" } },
    "view-receiver-webhook",
    "view-sender-webhook",
    "list-failed-transfer-webhooks",
    "retry-transfer-webhook",
    {
      operationId: "settle-day",
      keep: { settlementId: ".data?.id", date: ".data?.settlementDate" },
    },
    "list-settlements",
    "view-settlement",
    "view-settlement-of-day",
  ],
  Webhooks: [
    { operationId: "create-webhook-endpoint", body: { url: inbox }, keep: { webhookEndpointId: ".data?.id" } },
    "list-webhook-endpoints",
    "view-webhook-endpoint",
    "update-webhook-endpoint",
    "rotate-webhook-secret",
    { operationId: "test-webhook-endpoint", keep: { webhookDeliveryId: ".data?.deliveryId" } },
    "list-webhook-deliveries",
    "view-webhook-delivery",
    "resend-webhook-delivery",
    "erase-webhook-payload",
    "recover-webhook-deliveries",
  ],
  Operator: [
    "view-ledger",
    "check-ledger",
    "reconcile",
    "reconcile-accounts",
    "open-books",
    "view-testimony-timeline",
    "view-payment-timeline",
    "view-transfer-timeline",
    { operationId: "view-timeline", query: { id: "{{testimonyId}}" } },
    "view-attention",
    "close-attention",
    "resolve-attention",
    "release-payout",
    "retry-payout",
    "refund-testimony",
    "settle-stripe-call",
    { operationId: "list-stripe-events", keep: { stripeEventId: ".data?.[0]?.id" } },
    "replay-stripe-event",
    "close-stripe-event",
    "list-developers",
    { operationId: "rotate-developer-token", keep: { developerToken: ".data?.token" } },
    { operationId: "view-developer", keep: { prefix: ".data?.tokens?.[0]?.prefix" } },
    "list-applications",
    { operationId: "list-users", keep: { accountId: ".data?.[0]?.id" } },
    { operationId: "view-user", ...ofUser },
    "begin-operator-session",
    "view-operator-session",
    "end-operator-session",
    "view-pulse",
    "view-system",
    { operationId: "search", query: { q: "{{testimonyId}}" } },
    "list-all-testimonies",
    { operationId: "view-testimony-of-any", path: { id: "testimonyId" } },
    "list-all-payments",
    { operationId: "view-payment-of-any", path: { id: "transactionId" } },
    "list-all-transfers",
    "view-transfer-of-any",
    "list-all-accounts",
    { operationId: "list-all-wallets", query: { application: "{{applicationId}}" } },
    "list-stripe-calls",
    "view-stripe-event",
    "list-all-webhook-endpoints",
    { operationId: "list-all-webhook-deliveries", keep: { webhookDeliveryId: ".data?.[0]?.id" } },
    { operationId: "view-delivery-of-any", path: { id: "webhookDeliveryId" } },
    "list-all-transfer-webhooks",
    { operationId: "list-settlement-days", keep: { day: ".data?.[0]?.day" } },
    "view-settlement-day",
  ],
  "Offers: mailed links": [
    "resend-verification",
    { operationId: "request-password-reset", body: { email: "client.{{run}}@example.com" } },
    "reset-password",
    {
      operationId: "verify-email",
      path: { userId: "accountId" },
      query: { expires: "1800000000", signature: "0".repeat(64) },
    },
    "export-profile",
  ],
  "What ends something": [
    "remove-payment-method",
    "revoke-developer-token",
    "delete-webhook-endpoint",
    "log-out",
    { operationId: "log-out-everywhere", ...expert },
    { operationId: "end-user-sessions", ...ofUser },
    { operationId: "suspend-user", ...ofUser },
    { operationId: "restore-user", ...ofUser },
    {
      operationId: "log-in",
      note: "once more",
      body: { email: "client.{{run}}@example.com" },
      keep: { bearer: ".data?.token" },
    },
    "delete-profile",
    { operationId: "delete-user", ...ofUser },
  ],
  // A deployment whose database was put back is in recovery until the last one has found everything.
  "After a restore": ["mark-restored", "view-restore", "recover-lost-time", "end-recovery"],
};
