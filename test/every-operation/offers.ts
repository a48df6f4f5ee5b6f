import { resetTokenFor, verifyPathFor } from "../http/offers/mailbox.ts";
import { type Journey, newClient, newExpert, type Person } from "../journey.ts";
import { eventOf, postEvent } from "../post-event.ts";
import { type Meter, operator } from "./meter.ts";

/** Performs every operation of the offers contract and of the operator, and those of no contract. */
export async function everyOffersOperation(meter: Meter): Promise<void> {
  const { journey } = meter;
  const ask = meter.ask.bind(meter);
  const worked = meter.worked.bind(meter);

  await ask("view-root", 200, "GET", "/");
  await ask("view-status", 200, "GET", "/status");
  await ask("view-description", 200, "GET", "/openapi.json");
  await ask("view-offers-description", 200, "GET", "/openapi/offers.json");
  await ask("view-postman-collection", 200, "GET", "/postman.json");
  await ask("view-postman-environment", 200, "GET", "/postman-environment.json");

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
  const secret = { password: "correct-horse-9", passwordConfirmation: "correct-horse-9" };
  await ask("update-profile, the password", 200, "PUT", "/me", expert, secret);
  const path = await verifyPathFor(journey, client.email);
  await ask("verify-email", 204, "GET", path);
  await ask("resend-verification", 204, "POST", "/auth/email/verify/resend", undefined, { email: client.email });
  await journey.advance(0); // the queue has worked
  const mailed = { email: expert.email };
  await worked("(queue) mail a link", () =>
    ask("request-password-reset", 202, "POST", "/auth/password/email", undefined, mailed),
  );
  const token = await resetTokenFor(journey, expert.email);
  await ask("reset-password", 204, "POST", "/auth/password/reset", undefined, { ...mailed, token, ...secret });
  const again = { ...mailed, password: secret.password };
  expert.token = (await journey.must(200, "POST", "/auth/login", { body: again })).body.data.token;
  const sessions = (await ask("list-sessions", 200, "GET", "/me/sessions", client)).data;
  await ask("end-session", 204, "DELETE", `/me/sessions/${sessions[0].id}`, client);

  const [user] = (await ask("list-users", 200, "GET", `/admin/users?email=${rival.email}`, operator)).data;
  await ask("view-user", 200, "GET", `/admin/users/${user.id}`, operator);
  const seen = { note: "The owner was identified by telephone." };
  await ask("suspend-user", 204, "POST", `/admin/users/${user.id}/suspend`, operator, seen);
  await ask("restore-user", 204, "POST", `/admin/users/${user.id}/restore`, operator, seen);
  await ask("end-user-sessions", 204, "POST", `/admin/users/${user.id}/end-sessions`, operator, seen);
  rival.token = (
    await journey.must(200, "POST", "/auth/login", { body: { email: rival.email, password: "correct-horse-9" } })
  ).body.data.token;

  await ask("open-payout-account", 200, "POST", "/me/payout-account", expert, {});
  await journey.onboard(expert);
  await journey.advance(10); // the account can receive payouts, and nothing else is due
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
  await ask("explain-testimony", 200, "GET", `/testimonies/${id}/explanation`, client);
  await ask("list-testimonies", 200, "GET", "/testimonies", client);
  await ask("list-offerable-testimonies", 200, "GET", "/testimonies/offerable", expert);
  await ask("list-testimonies, by cursor", 200, "GET", "/testimonies?limit=20&state=offered", client);
  await ask("list-offerable-testimonies, by cursor", 200, "GET", "/testimonies/offerable?limit=20", expert);
  await ask("withdraw-offer", 204, "POST", `/testimonies/offers/${withdrawn}/withdraw`, rival);

  const checkout = `/testimonies/offers/${offerId}/checkout`;
  const { url } = (await ask("start-checkout", 200, "POST", checkout, client, details)).data;
  await ask("start-checkout, the same page again", 200, "POST", checkout, client, details);
  const changed = { ...details, lastName: "Nováková" };
  const next = (await ask("start-checkout, another page instead", 200, "POST", checkout, client, changed)).data;
  if (next.url === url) throw new Error("the page was not replaced");
  const session = { sessionId: next.url.split("/").at(-1) };
  const accept = "/testimonies/offers/accept";
  await ask("view-checkout-session", 200, "GET", `/checkout-sessions/${session.sessionId}`, client);
  await ask("accept-offer, not paid yet", 422, "POST", accept, client, session);
  if ((await journey.pay(next)).status !== 303) throw new Error("not paid");
  await worked("(queue) pay the expert", () => ask("accept-offer", 204, "POST", accept, client, session));
  await ask("accept-offer, again", 204, "POST", accept, client, session);
  await ask("list-notifications", 200, "GET", "/me/notifications", expert);
  await ask("list-own-offers", 200, "GET", "/me/offers?state=accepted", expert);

  const event = await eventOf(journey, "checkout.session.completed", ({ metadata }) => metadata?.testimony_id === id);
  meter.note("receive-stripe-event", await postEvent(journey, event));
  await worked("(queue) process an event that came twice", async () => {
    meter.note("receive-stripe-event, again", await postEvent(journey, event));
  });
  await ask("list-stripe-events", 200, "GET", "/admin/stripe-events", operator);
  await worked("(queue) process a replayed event", () =>
    ask("replay-stripe-event", 204, "POST", `/admin/stripe-events/${event.id}/replay`, operator),
  );
  const note = { note: "Its case was settled by hand." };
  await ask("close-stripe-event, not given up", 409, "POST", `/admin/stripe-events/${event.id}/close`, operator, note);
  const verdict = { outcome: "not_made", ...note };
  await ask("settle-stripe-call, of none", 404, "POST", `/admin/stripe-calls/${id}/${id}/settle`, operator, verdict);
  const unseen = { kind: "refund_failed", aggregate: id, about: id, ...note };
  await ask("close-attention, of none", 404, "POST", "/admin/attention/close", operator, unseen);
  await ask("complete-testimony", 204, "POST", `/testimonies/${id}/complete`, expert);

  const unwanted = (await ask("create-testimony, another", 201, "POST", "/testimonies", client, testimony)).data.id;
  await ask("cancel-testimony", 204, "POST", `/testimonies/${unwanted}/cancel`, client, {
    cancellationReason: "Sold.",
  });
  const regretted = await journey.paidOffer({ client, expert, onboarded: false });
  if ((await journey.accept(regretted)).status !== 204) throw new Error("not accepted");
  await journey.advance(10); // the expert is paid
  const reason = { reason: "The expert fell ill." };
  const refund = `/admin/testimonies/${regretted.testimonyId}/refund`;
  await worked("(queue) the first step of a refund", () =>
    ask("refund-testimony", 204, "POST", refund, operator, reason),
  );
  await journey.advance(10); // the refund has succeeded

  await ask("view-testimony-timeline", 200, "GET", `/admin/testimonies/${id}/timeline`, operator);
  await ask("view-attention", 200, "GET", "/admin/attention", operator);
  await ask("begin-operator-session", 200, "POST", "/admin/session", operator, {});
  await ask("view-operator-session", 200, "GET", "/admin/session", operator);
  await ask("end-operator-session", 204, "DELETE", "/admin/session", operator);
  await ask("view-ledger", 200, "GET", "/admin/ledger", operator);
  await ask("check-ledger", 200, "GET", "/admin/ledger/check", operator);
  await ask("reconcile", 200, "GET", "/admin/reconcile", operator);
  const begun = { before: "2020-01-01T00:00:00Z", note: "Nothing was there." };
  await ask("open-books", 201, "POST", "/admin/opening-balance", operator, begun);

  const stuck = await journey.paidOffer({ client, expert, onboarded: false });
  const charge = await emptyCharge(journey, stuck.testimonyId);
  if ((await journey.accept(stuck)).status !== 204) throw new Error("not accepted");
  await journey.advance(10); // the payout is held
  await journey.stripePost("/refunds", { charge, amount: 1 });
  const retry = `/admin/testimonies/${stuck.testimonyId}/retry-payout`;
  await worked("(queue) pay the expert, held", () => ask("retry-payout", 204, "POST", retry, operator));
  await journey.advance(10); // the refund is booked
  const resolve = `/admin/testimonies/${stuck.testimonyId}/resolve-attention`;
  await ask("resolve-attention", 204, "POST", resolve, operator, { note: "Settled by telephone." });
  const release = `/admin/testimonies/${stuck.testimonyId}/release-payout`;
  const terms = { note: "Agreed by telephone.", amount: leftMinor };
  await worked("(queue) pay the expert a part", () => ask("release-payout", 204, "POST", release, operator, terms));
  await ask("log-out-everywhere", 204, "POST", "/auth/logout-all", rival);
  await everyDeletion(meter);
  await ask("log-out", 204, "POST", "/auth/logout", client);
}

/** Performs the operations that end a person's data. */
async function everyDeletion(meter: Meter): Promise<void> {
  const { client, expert, offerId } = await meter.journey.offerOnTable({ onboarded: false });
  const [{ id }] = (await meter.ask("list-users, one", 200, "GET", `/admin/users?email=${expert.email}`, operator))
    .data;
  await meter.journey.advance(0); // the mails of both registrations are sent
  await meter.worked("(queue) record an export", () => meter.ask("export-profile", 200, "GET", "/me/export", client));
  await meter.journey.checkout({ offerId, client, expert, testimonyId: "" });
  await meter.ask("delete-profile", 204, "DELETE", "/me", client, {});
  await meter.ask("delete-user", 204, "POST", `/admin/users/${id}/delete`, operator, { note: "Asked for by letter." });
}

const leftMinor = 5_000;

/**
 * Transfers most of a payment to the only connected account out-of-band, so that too little is left to pay out. Returns
 * the charge.
 */
async function emptyCharge(journey: Journey, testimonyId: string): Promise<string> {
  const [charge] = (await journey.stripe(`/charges?transfer_group=${testimonyId}`)).data;
  const [account] = (await journey.stripe("/accounts")).data;
  const { id, amount, currency } = charge;
  const spent = { amount: amount - 1 - leftMinor, currency, destination: account.id, source_transaction: id };
  await journey.stripePost("/transfers", spent);
  return id;
}

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
