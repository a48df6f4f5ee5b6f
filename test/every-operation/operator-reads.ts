import { type Meter, operator } from "./meter.ts";

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
  await view("view-delivery-of-any", `webhook-deliveries/${delivery.id}`);
}
