import { type Meter, operator, until } from "./meter.ts";

/** Performs the operator's reads of everybody's rows, of what the operations before have left. */
export async function everyOperatorRead(meter: Meter): Promise<void> {
  const { journey } = meter;
  const view = async (operation: string, path: string) =>
    (await meter.ask(operation, 200, "GET", `/admin/${path}`, operator)).data;

  await view("view-pulse", "pulse");
  await view("view-system", "system");
  const [testimony] = await view("list-all-testimonies", "testimonies?limit=100&state=completed");
  await view("view-testimony-of-any", `testimonies/${testimony.id}`);
  const [payment] = await view("list-all-payments", "payments");
  await view("list-all-payments, of an app", `payments?app=${payment.appId}`);
  await view("view-payment-of-any", `payments/${payment.id}`);
  await view("search", `search?q=${payment.stripeId}`);
  await view("search, by an order", `search?q=${payment.orderId}`);
  await view("list-all-accounts", "accounts");

  const { entries } = (await journey.operator("GET", `/payments/${payment.id}/timeline`)).body.data;
  const event = entries.find(({ kind }: { kind: string }) => kind === "stripe_event");
  await view("view-stripe-event", `stripe-events/${event.id}`);
  await view("list-stripe-calls", "stripe-calls");

  const applications = (await journey.operator("GET", "/applications?limit=100")).body.data;
  const application = applications.at(-1).id;
  const [transfer] = await view("list-all-transfers", `transfers?sender=${application}&state=COMPLETED`);
  await view("view-transfer-of-any", `transfers/${transfer.reference}`);
  await view("list-all-wallets", `wallets?application=${application}`);
  await view("list-all-transfer-webhooks", "transfer-webhooks");
  const [{ day }] = await view("list-settlement-days", "settlement-days");
  await view("view-settlement-day", `settlement-days/${day}`);

  const body = { url: "http://localhost:8787/sandbox/inbox/reads", events: ["offer.created"] };
  const endpoint = (await journey.must(201, "POST", "/webhook-endpoints", { ...operator, body })).body.data;
  await journey.must(202, "POST", `/webhook-endpoints/${endpoint.id}/test`, { ...operator });
  await view("list-all-webhook-endpoints", "webhook-endpoints");
  const [delivery] = await view("list-all-webhook-deliveries", `webhook-deliveries?endpoint=${endpoint.id}`);
  await until(async () => {
    const { data } = (await journey.operator("GET", `/webhook-deliveries/${delivery.id}`)).body;
    return data.delivery.state === "delivered" || undefined;
  });
  await view("view-delivery-of-any", `webhook-deliveries/${delivery.id}`);
  await view("view-account-balances", "ledger/accounts/stripe_balance/balances?currency=eur");
  await view("view-ledger, at a moment", "ledger?as_of=2026-11-01");

  const note = { note: "As agreed." };
  const write = (operation: string, status: number, path: string, sent: object) =>
    meter.ask(operation, status, "POST", `/admin/${path}`, operator, sent);
  await write("resend-delivery-of-any", 202, `webhook-deliveries/${delivery.id}/resend`, note);
  const since = { since: "2026-11-01T00:00:00Z", ...note };
  await write(
    "recover-deliveries-of-any, counted",
    200,
    `webhook-endpoints/${endpoint.id}/recover?dry_run=true`,
    since,
  );
  await write("recover-deliveries-of-any, nothing", 202, `webhook-endpoints/${endpoint.id}/recover`, since);
  await write("settle-day-of-all, again", 200, `settlement-days/${day}/settle`, note);
  const none = crypto.randomUUID();
  await write("retry-stripe-call, of none", 404, `stripe-calls/${none}/${none}/retry`, note);
  await write("retry-webhook-of-any, of none", 404, `transfer-webhooks/${none}/retry`, note);
  const paid = (await journey.operator("GET", "/payments?state=succeeded")).body.data.find(
    (one: { capturedMinor: number; refundedMinor: number }) => one.capturedMinor > one.refundedMinor,
  );
  const some = { amount: 1, reason: "As agreed." };
  await write("refund-payment-of-any, tried", 200, `payments/${paid.id}/refund?dry_run=true`, some);
  await write("refund-payment-of-any", 204, `payments/${paid.id}/refund`, some);
  await journey.advance(10); // the refund has succeeded
}
