import { env } from "cloudflare:workers";
import type { Route } from "../../src/http/route";
import { identity, Shop } from "../shop";
import { type Tenant, TransfersJourney } from "../transfers-journey";
import { journey } from "./checked";

const operatorToken = "admin_sandbox";

/** A day before any transfer, so that it closes nothing. */
export const closedDay = "2020-01-01";

/** Objects for the names in every path, and callers who may use every route. */
export interface KnownObjects {
  pathOf: (route: Route) => string;
  headersOf: (route: Route) => Record<string, string>;
}

/** Makes one object of each kind. */
export async function makeKnownObjects(): Promise<KnownObjects> {
  const offer = await journey.offerOnTable({ onboarded: false });
  const shop = await Shop.open(journey);
  const paid = await shop.paid();
  const refund = await shop.refund(paid, { amount: 100 });
  const method = await shop.attach(paid.shopper, { payment_method_id: "pm_card_mastercard" });
  const accepted = await journey.paidOffer({ onboarded: false });
  await journey.accept(accepted);
  const transfers = new TransfersJourney(journey);
  const [alice, bob] = [await transfers.tenant(), await transfers.tenant()];
  const { reference } = await transfers.initiated(alice, bob);
  const told = await endpointWithDelivery();
  await makeEventAndCall(offer.testimonyId);
  const developer = await env.DB.prepare("select id from developers limit 1").first<{ id: string }>();
  const user = await env.DB.prepare("select id from users limit 1").first<{ id: string }>();
  await env.DB.prepare("update applications set admin = 1").run();
  await closeDay();

  const kinds: Record<string, string> = {
    "webhook-endpoints": told.endpointId,
    "webhook-deliveries": told.deliveryId,
    developers: developer?.id ?? "",
    applications: alice.id,
    "stripe-events": "evt_given_up",
    "stripe-calls": "call",
    testimonies: offer.testimonyId,
    payments: paid.transactionId,
    refunds: refund.body.data.refund_id,
    "payment-methods": method.body.data.id,
    "connected-accounts": paid.accountId,
    users: user?.id ?? "",
    subjects: alice.subjectId,
    tags: alice.tag,
    settlement: crypto.randomUUID(),
    webhooks: crypto.randomUUID(),
    "transfer-webhooks": crypto.randomUUID(),
  };
  const named = (route: Route, kind: string) => {
    if (kind !== "transactions") return kinds[kind] ?? offer.testimonyId;
    return route.dialect.name === "transfers" ? reference : paid.transactionId;
  };
  return {
    pathOf(route) {
      const { path, operationId } = route.contract;
      const { testimonyId } = operationId === "complete-testimony" ? accepted : offer;
      const kind = path.replace("/admin/", "/").split("/")[1] ?? "";
      return `/api/v1${path}`
        .replace(":testimonyId", testimonyId)
        .replace(":offerId", offer.offerId)
        .replace(":orderId", paid.orderId)
        .replace(":aggregate", offer.testimonyId)
        .replace(":reference", reference)
        .replace(":date", "2026-01-02")
        .replace(":account", "bank")
        .replace(":day/settle", "2026-01-02/settle")
        .replace(":day", closedDay)
        .replace(":tag", alice.tag)
        .replace(":sessionId", accepted.sessionId)
        .replace(":prefix", "dev_unknown0")
        .replace(":id", named(route, kind));
    },
    headersOf(route) {
      const needsPayment = ["complete-testimony", "view-checkout-session"].includes(route.contract.operationId);
      const { client, expert } = needsPayment ? accepted : offer;
      return credentials(route, { client, expert, shopper: identity(paid.shopper), alice, bob });
    },
  };
}

interface Callers {
  client: { token: string };
  expert: { token: string };
  shopper: Record<string, string>;
  alice: Tenant;
  bob: Tenant;
}

function credentials({ access, contract }: Route, { client, expert, shopper, alice, bob }: Callers) {
  const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
  const receives = /accept|reject/.test(contract.operationId);
  const callers: Record<string, Record<string, string>> = {
    client: bearer(client.token),
    user: bearer(client.token),
    expert: bearer(expert.token),
    operator: bearer(operatorToken),
    owner: bearer(operatorToken),
    developer: shopper,
    login: shopper,
    app: shopper,
    shopper,
    application: bearer(receives ? bob.token : alice.token),
    administrator: bearer(alice.token),
  };
  return callers[access] ?? {};
}

async function endpointWithDelivery() {
  const body = { url: "http://localhost:8787/sandbox/inbox/strict-input", events: ["*"] };
  const made = await journey.must(201, "POST", "/webhook-endpoints", { token: operatorToken, body });
  const endpointId: string = made.body.data.id;
  const tested = await journey.must(202, "POST", `/webhook-endpoints/${endpointId}/test`, { token: operatorToken });
  return { endpointId, deliveryId: tested.body.data.deliveryId as string };
}

/** Makes an event that was given up, and a call at Stripe that is open. */
async function makeEventAndCall(testimonyId: string): Promise<void> {
  await env.DB.batch([
    env.DB.prepare(
      `INSERT OR REPLACE INTO stripe_events (id, type, object_id, payload, state, attempts, created_at, received_at)
       VALUES ('evt_given_up', 'charge.refunded', 'ch_x', '{"data":{"object":{"id":"ch_x"}}}', 'dead', 12, 0, 0)`,
    ),
    env.DB.prepare(
      `INSERT INTO stripe_effects (aggregate_id, id, kind, subject_id, params, state, generation, attempts, last_sent_at, created_at)
       VALUES (?, 'call', 'session', 'checkout', '{}', 'open', 1, 1, 0, 0)`,
    ).bind(testimonyId),
  ]);
}

/** Makes that day, and its batch. */
export async function closeDay(): Promise<void> {
  await env.DB.batch([
    env.DB.prepare("insert or ignore into settlement_days (day, closed_at) values (?, 0)").bind(closedDay),
    env.DB.prepare(
      `insert or ignore into settlement_batches (day, currency, id, status, total_credited_high, total_credited_low,
        total_debited_high, total_debited_low, transaction_count, application_count, created_at)
        values (?, 'EUR', 'batch', 'COMPLETED', 0, 0, 0, 0, 0, 0, 0)`,
    ).bind(closedDay),
  ]);
}
