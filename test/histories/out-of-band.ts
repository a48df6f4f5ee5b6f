import { env } from "cloudflare:workers";
import { type Asker, pick, share } from "./asker";
import type { PaymentsAction } from "./payments-steps";
import { readStripe } from "./snapshot";

/** The facts about a payment that an out-of-band step needs. */
export interface AtStripe {
  transactionId: string;
  accountId: string;
  amountMinor: number;
}

/** The functions that take the steps of some kinds. */
export type StepsOf<D extends PaymentsAction["do"]> = {
  [One in D]: (action: Extract<PaymentsAction, { do: One }>) => Promise<void>;
};

/** Chooses a payment by a number, mostly one in such a state at Stripe. */
export type Choose = (payment: number, states: readonly string[]) => Promise<AtStripe | undefined>;

export const unpaid = ["requires_payment_method", "requires_confirmation", "requires_action"];

/** Out-of-band steps of shoppers, banks and other holders of the key. Steps that Stripe refuses have no effect. */
export function stepsPastUs(asker: Asker, choose: Choose) {
  const atIntent = async (
    known: AtStripe | undefined,
    verb: string,
    parameters: (known: AtStripe) => Record<string, string | number>,
  ) => {
    if (!known) return;
    const path = `/payment_intents/${known.transactionId}/${verb}`;
    await asker.atStripe(path, parameters(known), known.accountId);
  };

  return {
    authenticate: async ({ payment, answer }) => {
      const { intents } = (await readStripe()).connected;
      const asking = intents.filter(({ status }) => status === "requires_action");
      const intent = pick(asking, payment);
      if (intent) await asker.journey.submit(`/sandbox/authenticate/${intent.id}`, { authentication: answer });
    },
    "confirm-payment-at-stripe": async ({ payment, method }) => {
      // An out-of-band confirmation without the mandate leaves the payment waiting for its confirmation.
      const mandate = method === "pm_success_at" ? { "mandate_data[customer_acceptance][type]": "offline" } : {};
      await atIntent(await choose(payment, unpaid), "confirm", () => ({ payment_method: method, ...mandate }));
    },
    "capture-payment-at-stripe": async ({ payment, percent }) => {
      const part = ({ amountMinor }: AtStripe) => ({ amount_to_capture: share(amountMinor, percent) });
      await atIntent(await choose(payment, ["requires_capture"]), "capture", part);
    },
    "cancel-payment-at-stripe": async ({ payment }) => {
      await atIntent(await choose(payment, [...unpaid, "requires_capture"]), "cancel", () => ({}));
    },
    "refund-payment-at-stripe": async ({ payment, percent, plan }) => {
      const known = await choose(payment, ["succeeded"]);
      const { intents } = (await readStripe()).connected;
      const charge = intents.find(({ id }) => id === known?.transactionId)?.latest_charge;
      if (!known || !charge) return;
      await asker.try("refunds", { charge, amount: share(known.amountMinor, percent), plan });
    },
    "end-payment-refund": async ({ refund, status }) => {
      const found = pick((await readStripe()).connected.refunds, refund);
      if (found) await asker.try("refunds", { refund: found.id, status });
    },
    "dispute-payment": async ({ payment, percent, inquiry }) => {
      const { charges } = (await readStripe()).connected;
      const paid = charges.filter((one) => one.payment_intent && one.status === "succeeded" && one.captured);
      const charge = pick(paid, payment);
      const part = percent === null || !charge ? {} : { amount: share(charge.amount_captured, percent) };
      if (charge) await asker.try("disputes", { charge: charge.id, inquiry, ...part });
    },
    "close-payment-dispute": async ({ dispute, status }) => {
      const found = pick((await readStripe()).connected.disputes, dispute);
      if (found) await asker.try("disputes", { dispute: found.id, status });
    },
    "delete-customer": async ({ customer }) => {
      const { results } = await env.DB.prepare("select stripe_id from customers order by stripe_id").all();
      const found = pick(results, customer);
      if (found) await asker.try("customers", { customer: found.stripe_id, status: "deleted" });
    },
  } satisfies Partial<StepsOf<PaymentsAction["do"]>>;
}
