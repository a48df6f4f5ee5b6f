import qs from "qs";
import Stripe from "stripe";
import { expect, it } from "vitest";
import { parametersError } from "../../../src/sandbox/parameters";
import { checkRequests, type SentRequest } from "./check-requests";

/** There are no false alarms: what the SDK really sends passes both checks. */
it("takes what the SDK sends", async () => {
  const sent: SentRequest[] = [];
  const stripe = new Stripe("sk_test_1", { httpClient: Stripe.createFetchHttpClient(recorder(sent)) });

  await stripe.checkout.sessions.create({
    mode: "payment",
    success_url: "https://accord.example/paid",
    expires_at: 1_795_000_000,
    line_items: [
      {
        quantity: 1,
        price_data: { currency: "eur", unit_amount: 10_000, product_data: { name: "Portrait & frame, 50 %" } },
      },
    ],
    payment_intent_data: { transfer_group: "testimony-1", metadata: { attempt: 1, note: "" } },
    expand: ["payment_intent.latest_charge"],
  });
  await stripe.checkout.sessions.list({ limit: 3, payment_intent: "pi_1" });
  await stripe.checkout.sessions.retrieve("cs_1", { expand: ["line_items"] });
  await stripe.checkout.sessions.expire("cs_1");
  await stripe.paymentIntents.create(
    { amount: 500, currency: "jpy", off_session: true, metadata: {}, automatic_payment_methods: { enabled: true } },
    { stripeAccount: "acct_1" },
  );
  await stripe.paymentIntents.update("pi_1", { metadata: "", description: "Second session" });
  await stripe.paymentIntents.capture("pi_1", { amount_to_capture: 300 });
  await stripe.refunds.create({ payment_intent: "pi_1", amount: 3, reason: "requested_by_customer" });
  await stripe.transfers.create({ amount: 3, currency: "eur", destination: "acct_1", source_transaction: "ch_1" });
  await stripe.transfers.createReversal("tr_1", { amount: 3 });
  await stripe.transfers.listReversals("tr_1", { limit: 1 });
  await stripe.accounts.create({
    country: "FR",
    capabilities: { transfers: { requested: true } },
    controller: { losses: { payments: "application" }, stripe_dashboard: { type: "none" } },
  });
  await stripe.accounts.retrieve("acct_1");
  await stripe.accounts.del("acct_1");
  await stripe.accountLinks.create({ account: "acct_1", type: "account_onboarding" });
  await stripe.accounts.createLoginLink("acct_1");
  await stripe.events.list({ created: { gte: 1_790_000_000 }, types: ["charge.refunded", "refund.failed"] });
  await stripe.balance.retrieve({}, { stripeAccount: "acct_1" });
  await stripe.disputes.close("dp_1");
  await stripe.paymentMethods.create({ customer: "cus_1", payment_method: "pm_1" }, { stripeAccount: "acct_1" });

  expect(sent).toHaveLength(20);
  expect(checkRequests(sent)).toEqual([]);
  expect(sent.map(({ method, path, params }) => parametersError(method, path, params)).filter(Boolean)).toEqual([]);
});

/** Makes a `fetch` that records requests and answers with almost nothing. */
function recorder(sent: SentRequest[]): typeof fetch {
  return async (target, init) => {
    const { pathname, search } = new URL(String(target));
    const method = init?.method ?? "GET";
    const text = method === "POST" ? String(init?.body ?? "") : search.slice(1);
    sent.push({ method, path: pathname, params: qs.parse(text, { depth: 20 }) });
    return Response.json({ id: "any_1", object: "any", data: [] });
  };
}
