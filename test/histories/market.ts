import type { Answer } from "../journey";
import { acceptedOnline, identity, Shop, type Shopper } from "../shop";
import { type Asker, pick, share } from "./asker";
import { type AtStripe, type StepsOf, stepsPastUs, unpaid } from "./out-of-band";
import { type By, debits, type OpeningOrder, type OrderTerms, type PaymentsAction } from "./payments-steps";
import { hearOfPayment, hearOfRefund, hearOfState } from "./payments-told";
import { type Caller, readStripe } from "./snapshot";

/** A shopper of the shop with the identity headers, as one object, so that a key is recognised. */
interface Customer extends Shopper {
  caller: Caller;
}

interface KnownPayment extends AtStripe {
  orderId: string;
  customer: Customer;
}

/**
 * The shop of a history, its shoppers and accounts, and another developer, with what they know and how each step is
 * taken.
 */
export class Market {
  /** Texts that must never be logged. */
  readonly secrets: string[] = [];
  private readonly asker: Asker;
  private readonly customers: Customer[] = [];
  private readonly accounts: string[] = [];
  private readonly payments: KnownPayment[] = [];
  private readonly saved: { customer: Customer; id: string }[] = [];
  private stranger: Customer | undefined;

  private readonly steps: StepsOf<PaymentsAction["do"]>;

  constructor(asker: Asker) {
    this.asker = asker;
    this.steps = {
      ...this.stepsOfShoppers(),
      ...stepsPastUs(asker, (payment, states) => this.choose(payment, states)),
    };
  }

  /** Makes what exists before the first step. */
  async open(orders: readonly OpeningOrder[]): Promise<void> {
    const [shop, other] = [await Shop.open(this.asker.journey), await Shop.open(this.asker.journey)];
    this.secrets.push(shop.token, other.token);
    this.customers.push(withCaller(await shop.shopper()), withCaller(await shop.shopper()));
    this.accounts.push(await shop.account(), await shop.account());
    this.stranger = withCaller(await other.shopper());
    for (const [order, { terms, manual, method }] of orders.entries()) {
      await this.act({ do: "put-order", order, terms });
      const known = await this.create(order, order, manual, null, null);
      if (known && method !== null) await this.confirm(known, method, "owner", null);
    }
  }

  /** Tells whether a step is one of the payments contract. */
  knows(action: { do: string }): action is PaymentsAction {
    return action.do in this.steps;
  }

  async act<A extends PaymentsAction>(action: A): Promise<void> {
    if (this.customers.length === 0) return; // no shop is open
    await (this.steps[action.do] as (one: A) => Promise<void>)(action);
  }

  /** The steps through our API. */
  private stepsOfShoppers() {
    return {
      "put-order": async ({ order, terms }) => {
        const [customer] = this.customers;
        const path = `/orders/${orderName(order)}`;
        if (customer) await this.asker.call("PUT", path, customer.caller, this.bodyOf(terms));
      },
      "deauthorize-seller": async ({ account }) => {
        const found = pick(this.accounts, account);
        if (found) await this.asker.try("accounts", { account: found, status: "deauthorized" });
      },
      "cancel-order": async ({ order }) => {
        const [customer] = this.customers;
        if (!customer) return;
        const orderId = orderName(order);
        const answer = await this.asker.call("POST", `/orders/${orderId}/cancel`, customer.caller);
        if (answer.status === 200) this.asker.told.cancelledOrders.add(orderId);
      },
      "create-payment": async ({ order, shopper, manual, terms, key }) => {
        await this.create(order, shopper, manual, terms, key);
      },
      "confirm-payment": async ({ payment, method, by, key }) => {
        const known = await this.choose(payment, unpaid);
        if (known) await this.confirm(known, method, by, key);
      },
      charge: async ({ order, shopper, manual, method }) => {
        const known = await this.create(order, shopper, manual, null, null);
        if (known) await this.confirm(known, method, "owner", null);
      },
      "save-method": async ({ shopper, method, account }) => {
        const customer = pick(this.customers, shopper);
        if (!customer) return;
        const on = account === null ? {} : { account_id: pick(this.accounts, account) };
        const body = { type: "card", payment_method_id: method, ...on };
        const answer = await this.asker.call("POST", "/payment-methods", customer.caller, body);
        if (answer.status < 300) this.saved.push({ customer, id: answer.body.data.id });
      },
      "pay-with-saved": async ({ payment, saved, key }) => {
        const known = await this.choose(payment, unpaid);
        const own = this.saved.filter(({ customer }) => customer === known?.customer);
        const method = pick(own.length > 0 ? own : this.saved, saved);
        if (known && method) await this.confirm(known, method.id, "owner", key);
      },
      "capture-payment": async ({ payment, percent, by, key }) => {
        const known = await this.choose(payment, ["requires_capture"]);
        if (!known) return;
        const body = percent === null ? {} : { amount_to_capture: share(known.amountMinor, percent) };
        const answer = await this.ask(known, by, `/transactions/${known.transactionId}/capture`, body, key);
        if (answer?.status === 200) hearOfState(this.asker.told, known.transactionId, answer.body.data);
      },
      "cancel-payment": async ({ payment, by, key }) => {
        const known = await this.choose(payment, [...unpaid, "requires_capture"]);
        if (!known) return;
        const answer = await this.ask(known, by, `/transactions/${known.transactionId}/cancel`, {}, key);
        if (answer?.status === 200) hearOfState(this.asker.told, known.transactionId, answer.body.data);
      },
      "refund-payment": async ({ payment, percent, by, key }) => {
        const known = await this.choose(payment, ["succeeded", "requires_capture"]);
        if (!known) return;
        const amount = percent === null ? {} : { amount: share(known.amountMinor, percent) };
        const body = { order_id: known.orderId, account_id: known.accountId, ...amount };
        const answer = await this.ask(known, by, "/refunds", body, key);
        if (answer?.status === 200) hearOfRefund(this.asker.told, answer.body.data);
      },
      "view-payment": async ({ payment, by }) => {
        const known = pick(this.payments, payment);
        const caller = known && this.callerOf(known, by);
        if (!caller) return;
        const answer = await this.asker.call("GET", `/transactions/${known.transactionId}`, caller);
        if (by !== "owner") this.refusedTo(by, answer, "a look");
        else if (answer.status === 200) hearOfState(this.asker.told, known.transactionId, answer.body.data);
        else this.asker.told.wrong.push(`${known.transactionId} was answered, and is ${answer.status} now`);
      },
    } satisfies Partial<StepsOf<PaymentsAction["do"]>>;
  }

  private async create(
    order: number,
    shopper: number,
    manual: boolean,
    terms: OrderTerms | null,
    key: number | null,
  ): Promise<KnownPayment | undefined> {
    const customer = pick(this.customers, shopper);
    if (!customer) return undefined;
    const orderId = orderName(order);
    const { application_fee_amount: _, ...named } = terms === null ? {} : this.bodyOf(terms);
    const body = { order_id: orderId, ...named, ...(manual ? { capture_method: "manual" } : {}) };
    const answer = await this.asker.call("POST", "/transactions", customer.caller, body, key);
    return answer.status < 300 ? this.known(orderId, customer, answer) : undefined;
  }

  /** Returns the answered payment, with amount and account as they are at Stripe. */
  private async known(orderId: string, customer: Customer, { body }: Answer): Promise<KnownPayment | undefined> {
    const { transaction_id: transactionId, client_secret: secret } = body.data;
    hearOfPayment(this.asker.told, { transactionId, orderId, userId: customer.userId, secret });
    const { intents } = (await readStripe()).connected;
    const intent = intents.find(({ id }) => id === transactionId);
    if (!intent) this.asker.told.wrong.push(`${transactionId} was answered, and is not at Stripe`);
    const known = this.payments.find((one) => one.transactionId === transactionId);
    if (known || !intent) return known;
    const fresh = { transactionId, orderId, customer, accountId: intent.onAccount, amountMinor: intent.amount };
    this.payments.push(fresh);
    return fresh;
  }

  private async confirm(known: KnownPayment, method: string, by: By, key: number | null): Promise<void> {
    const { transactionId: transaction_id, accountId: account_id } = known;
    const allowed = debits.includes(method) ? { mandate_data: acceptedOnline } : {};
    const body = { transaction_id, account_id, payment_method_id: method, ...allowed };
    const answer = await this.ask(known, by, "/transactions/confirm", body, key);
    if (answer?.status === 200) hearOfState(this.asker.told, known.transactionId, answer.body.data);
  }

  /** Makes a request about a payment. A caller who is not its owner must be refused. */
  private async ask(
    known: KnownPayment,
    by: By,
    path: string,
    body: object,
    key: number | null,
  ): Promise<Answer | undefined> {
    const caller = this.callerOf(known, by);
    if (!caller) return undefined;
    const answer = await this.asker.call("POST", path, caller, body, key);
    if (by === "owner") return answer;
    // Another shopper may have paid for the same order, and then gets the answer about that payment.
    const isOwn = this.payments.some(
      ({ customer, orderId }) => customer.caller === caller && orderId === known.orderId,
    );
    if (!isOwn) this.refusedTo(by, answer, path);
    return undefined;
  }

  private callerOf({ customer }: KnownPayment, by: By): Caller | undefined {
    if (by === "owner") return customer.caller;
    if (by === "stranger") return this.stranger?.caller;
    return this.customers.find((one) => one !== customer)?.caller;
  }

  private refusedTo(by: By, { status }: Answer, what: string): void {
    if (status < 400) this.asker.told.wrong.push(`${what} of a ${by} was answered ${status}`);
  }

  private bodyOf({ amountMinor, feeMinor, currency, account }: OrderTerms) {
    const account_id = pick(this.accounts, account);
    return { amount: amountMinor, currency, account_id, application_fee_amount: Math.min(feeMinor, amountMinor) };
  }

  /** Chooses mostly a payment in one of these states at Stripe, so that few steps are wasted; sometimes any. */
  private async choose(payment: number, states: readonly string[]): Promise<KnownPayment | undefined> {
    const { intents } = (await readStripe()).connected;
    const fits = ({ transactionId }: KnownPayment) =>
      intents.some(({ id, status }) => id === transactionId && states.includes(status));
    const fitting = this.payments.filter(fits);
    return pick(fitting.length > 0 && payment < 5 ? fitting : this.payments, payment);
  }
}

function orderName(order: number): string {
  return `order-${order}`;
}

function withCaller(shopper: Shopper): Customer {
  return { ...shopper, caller: { headers: identity(shopper) } };
}
