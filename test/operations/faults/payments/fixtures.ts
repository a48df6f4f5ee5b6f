import type { Answer, Journey } from "../../../journey";
import { Shop, type Shopper, type Transaction } from "../../../shop";

/** Everything that exists before a fault: accounts, shoppers with and without methods, payments in every state. */
export interface Fixtures {
  shop: Shop;
  /** Accounts at Stripe: one takes payments, the other is to be deleted. */
  accounts: { paid: string; deleted: string };
  /** Shoppers with a method, and shoppers who will store one. */
  shoppers: { plain: Shopper; attaching: Shopper; exchanging: Shopper; cloning: Shopper; bound: Shopper };
  /** Stripe's ids of existing methods: on the platform, and on the account. */
  methods: { platform: string; account: string };
  /** Transactions to be confirmed with either method, captured, cancelled, refunded, released. */
  transactions: Record<"cloned" | "bound" | "captured" | "cancelled" | "refunded" | "released", Transaction>;
}

const reserved = { capture_method: "manual" };
const fee = { application_fee_amount: 50 };

/** Makes it without faults, and holds Stripe's events, which would do the clock's work. */
export async function setUpFixtures(journey: Journey): Promise<Fixtures> {
  await journey.reset();
  const shop = await Shop.open(journey);
  const [paid, deleted] = [await shop.account(), await shop.account()];
  const [plain, attaching, exchanging] = [await shop.shopper(), await shop.shopper(), await shop.shopper()];
  const [cloning, bound] = [await shop.shopper(), await shop.shopper()];
  await journey.events("hold");
  const methods = {
    platform: await stored(shop, cloning, { payment_method_id: "pm_card_visa" }),
    account: await stored(shop, bound, { payment_method_id: "pm_card_visa", account_id: paid }),
  };
  const started = (shopper: Shopper, body = {}) => shop.ordered(fee, body, { accountId: paid, shopper });
  const confirmed = async (body = {}) => {
    const transaction = await started(plain, body);
    await must(200, shop.confirm(transaction));
    return transaction;
  };
  const [captured, cancelled, released, refunded] = await Promise.all([
    confirmed(reserved),
    confirmed(reserved),
    confirmed(reserved),
    confirmed(),
  ]);
  return {
    shop,
    accounts: { paid, deleted },
    shoppers: { plain, attaching, exchanging, cloning, bound },
    methods,
    transactions: {
      cloned: await started(cloning),
      bound: await started(bound),
      captured,
      cancelled,
      refunded,
      released,
    },
  };
}

async function stored(shop: Shop, shopper: Shopper, body: object): Promise<string> {
  return (await must(201, shop.attach(shopper, body))).body.data.payment_method_id;
}

async function must(status: number, asked: Promise<Answer>): Promise<Answer> {
  const answer = await asked;
  if (answer.status !== status)
    throw new Error(`${answer.status} instead of ${status}: ${JSON.stringify(answer.body)}`);
  return answer;
}
