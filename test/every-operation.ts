import Stripe from "stripe";
import { type Cost, costOf } from "./cost.ts";
import { type Answer, type Journey, newClient, newExpert, type Person } from "./journey.ts";

/** A line of the Worker's log, as far as it is about costs. */
export interface LogLine {
  event: string;
  cost?: Cost;
}

/** `operation` is the operationId, with what is special about this case after a comma. */
export interface Costed {
  operation: string;
  cost: Cost;
}

/**
 * Does every operation of the offers surface once, and a few in the cases that matter, and says what each has cost. Keys
 * wherever a key is heeded, so that nothing looks cheaper than it is. `logged` answers what the Worker has logged so far:
 * work behind the requests is found there.
 */
export async function everyOperation(journey: Journey, logged: () => LogLine[]): Promise<Costed[]> {
  const costs: Costed[] = [];
  let keys = 0;

  const cost = (operation: string, answer: Answer): Answer => {
    costs.push({ operation, cost: costOf(answer) });
    return answer;
  };
  const ask = async (operation: string, status: number, method: string, path: string, by?: Person, body?: unknown) => {
    keys += 1;
    const answer = await journey.must(status, method, path, {
      ...(by ? { token: by.token } : {}),
      ...(body === undefined ? {} : { body }),
      headers: method === "POST" && by ? { "Idempotency-Key": `key-${keys}` } : {},
    });
    return cost(operation, answer).body;
  };
  /** The next piece of work that the queue hands over, once whatever causes it is done. */
  const worked = async (operation: string, cause: () => Promise<unknown>) => {
    const workSoFar = () => logged().filter(({ event, cost }) => event === "work" && cost);
    const before = workSoFar().length;
    await cause();
    const next = await until(() => workSoFar()[before]?.cost);
    costs.push({ operation, cost: next });
  };

  await ask("view-root", 200, "GET", "/");
  await ask("view-status", 200, "GET", "/status");
  await ask("view-description", 200, "GET", "/openapi.json");
  await ask("view-offers-description", 200, "GET", "/openapi/offers.json");
  await ask("view-postman-collection", 200, "GET", "/postman.json");

  const register = async (role: "client" | "expert", body: { email: string }): Promise<Person> => {
    const { data } = await ask(`register-${role}`, 201, "POST", `/auth/register/${role}`, undefined, body);
    return { token: data.token, email: body.email };
  };
  const client = await register("client", newClient());
  const expert = await register("expert", newExpert());
  const rival = await journey.registerExpert();
  await ask("log-in", 200, "POST", "/auth/login", undefined, { email: client.email, password: "correct-horse-9" });
  await ask("view-profile", 200, "GET", "/me", client);
  await ask("update-profile", 200, "PUT", "/me", expert, { firstName: "Eva", regions: ["ba", "tt"] });

  await ask("open-payout-account", 200, "POST", "/me/payout-account", expert, {});
  await journey.onboard(expert);
  await journey.advance(10); // the account may be paid to, and nothing else is due
  await journey.events("hold");
  await ask("open-payout-account, again", 200, "POST", "/me/payout-account", expert, {});
  await ask("view-payout-account", 200, "GET", "/me/payout-account", expert);

  const testimony = { purpose: "mortgage", realEstate: garage };
  const offer = { price: 149.5, deliveryDays: 7 };
  const { id } = (await ask("create-testimony", 201, "POST", "/testimonies", client, testimony)).data;
  const offers = `/testimonies/${id}/offers`;
  const offerId: string = (await ask("create-offer", 201, "POST", offers, expert, offer)).data.id;
  const withdrawn = (await ask("create-offer, the second", 201, "POST", offers, rival, offer)).data.id;
  await ask("list-offers", 200, "GET", offers, client);
  await ask("view-testimony", 200, "GET", `/testimonies/${id}`, client);
  await ask("list-testimonies", 200, "GET", "/testimonies", client);
  await ask("list-offerable-testimonies", 200, "GET", "/testimonies/offerable", expert);
  await ask("withdraw-offer", 204, "POST", `/testimonies/offers/${withdrawn}/withdraw`, rival);

  const checkout = `/testimonies/offers/${offerId}/checkout`;
  const { url } = (await ask("start-checkout", 200, "POST", checkout, client, details)).data;
  await ask("start-checkout, the same page again", 200, "POST", checkout, client, details);
  const changed = { ...details, lastName: "Nováková" };
  const next = (await ask("start-checkout, another page instead", 200, "POST", checkout, client, changed)).data;
  if (next.url === url) throw new Error("the page was not replaced");
  const session = { sessionId: next.url.split("/").at(-1) };
  const accept = "/testimonies/offers/accept";
  await ask("accept-offer, not paid yet", 422, "POST", accept, client, session);
  if ((await journey.pay(next)).status !== 303) throw new Error("not paid");
  await worked("(queue) pay the expert", () => ask("accept-offer", 204, "POST", accept, client, session));
  await ask("accept-offer, again", 204, "POST", accept, client, session);
  await ask("list-notifications", 200, "GET", "/me/notifications", expert);

  let eventId = "";
  await worked("(queue) process an event", async () => {
    const answer = await deliver(journey, "checkout.session.completed", id);
    eventId = answer.eventId;
    cost("receive-stripe-event", answer);
  });
  await worked("(queue) process an event that came twice", async () => {
    cost("receive-stripe-event, again", await deliver(journey, "checkout.session.completed", id));
  });
  await ask("list-stripe-events", 200, "GET", "/admin/stripe-events", operator);
  await worked("(queue) process a replayed event", () =>
    ask("replay-stripe-event", 204, "POST", `/admin/stripe-events/${eventId}/replay`, operator),
  );
  await ask("complete-testimony", 204, "POST", `/testimonies/${id}/complete`, expert);

  const unwanted = (await ask("create-testimony, another", 201, "POST", "/testimonies", client, testimony)).data.id;
  await ask("cancel-testimony", 204, "POST", `/testimonies/${unwanted}/cancel`, client, { reason: "Sold." });
  const regretted = await journey.paidOffer({ client, expert, onboarded: false });
  if ((await journey.accept(regretted)).status !== 204) throw new Error("not accepted");
  await journey.advance(10); // the expert is paid
  const reason = { reason: "The expert fell ill." };
  const refund = `/admin/testimonies/${regretted.testimonyId}/refund`;
  await worked("(queue) the first step of a refund", () =>
    ask("refund-testimony", 204, "POST", refund, operator, reason),
  );
  await journey.advance(10); // the money is back

  await ask("view-timeline", 200, "GET", `/admin/testimonies/${id}/timeline`, operator);
  await ask("view-attention", 200, "GET", "/admin/attention", operator);
  const application = await journey.must(201, "POST", "/applications", {
    body: { name: "Wallet", appHandle: "walletapp" },
  });
  const admitted = `/admin/applications/${application.body.data.id}`;
  await ask("list-applications", 200, "GET", "/admin/applications", operator);
  await ask("admit-application", 200, "PATCH", admitted, operator, { active: true, debitLimit: 1000 });
  await ask("view-ledger", 200, "GET", "/admin/ledger", operator);
  await ask("check-ledger", 200, "GET", "/admin/ledger/check", operator);
  await ask("reconcile", 200, "GET", "/admin/reconcile", operator);

  const stuck = await journey.paidOffer({ client, expert, onboarded: false });
  await emptyCharge(journey, stuck.testimonyId);
  if ((await journey.accept(stuck)).status !== 204) throw new Error("not accepted");
  await journey.advance(10); // Stripe has refused the transfer
  const retry = `/admin/testimonies/${stuck.testimonyId}/retry-payout`;
  await worked("(queue) pay the expert, refused", () => ask("retry-payout", 204, "POST", retry, operator));
  const resolve = `/admin/testimonies/${stuck.testimonyId}/resolve-attention`;
  await ask("resolve-attention", 204, "POST", resolve, operator, { note: "Settled by telephone." });
  await ask("log-out", 204, "POST", "/auth/logout", client);

  await journey.control("POST", "tick");
  const idle = await until(() => logged().findLast(({ event, cost }) => event === "sweep" && cost)?.cost);
  costs.push({ operation: "(cron) sweep with nothing due", cost: idle });
  return costs;
}

/** Hands one event of a testimony over as Stripe does, signed with the platform's secret. */
async function deliver(journey: Journey, type: string, testimonyId: string): Promise<Answer & { eventId: string }> {
  const events: { id: string; type: string; data: { object: { metadata: Record<string, string> } } }[] = (
    await journey.stripe("/events?limit=100")
  ).data;
  const event = events.find((one) => one.type === type && one.data.object.metadata.testimony_id === testimonyId);
  if (!event) throw new Error(`there is no ${type}`);
  const signature = await new Stripe("sk_test_signs").webhooks.generateTestHeaderStringAsync({
    payload: JSON.stringify(event),
    secret: "whsec_sandbox_platform",
    timestamp: (await journey.control("GET", "clock")).body.nowSeconds,
  });
  const answer = await journey.must(200, "POST", "/webhooks", {
    body: event,
    headers: { "Stripe-Signature": signature },
  });
  return { ...answer, eventId: event.id };
}

/** Sends all of a payment to the only connected account, past us, so that nothing is left of it to pay out. */
async function emptyCharge(journey: Journey, testimonyId: string): Promise<void> {
  const [charge] = (await journey.stripe(`/charges?transfer_group=${testimonyId}`)).data;
  const [account] = (await journey.stripe("/accounts")).data;
  const { id, amount, currency } = charge;
  await journey.stripePost("/transfers", { amount, currency, destination: account.id, source_transaction: id });
}

async function until<T>(look: () => T | undefined): Promise<T> {
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    const found = look();
    if (found !== undefined) return found;
    await new Promise((done) => setTimeout(done, 10));
  }
  throw new Error("nothing came of it within ten seconds");
}

const operator: Person = { token: "admin_sandbox", email: "" };

const garage = {
  type: "garage",
  address: { line1: "Hlavná 1", city: "Bratislava", postalCode: "811 01" },
  region: "ba",
};

const details = {
  phone: "+421901234567",
  firstName: "Jana",
  lastName: "Vzorová",
  billingAddress: { line1: "Dlhá 2", city: "Nitra", postalCode: "949 01", country: "SK" },
};
