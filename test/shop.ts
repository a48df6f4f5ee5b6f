import type { Answer, Journey } from "./journey.ts";

/** A shopper of the shop's app, as the identity headers name them. */
export interface Shopper {
  token: string;
  appId: string;
  userId: string;
}

/** The identity headers of an app by itself, or of one of its shoppers. */
type Identity = Pick<Shopper, "token" | "appId"> & Partial<Shopper>;

/** The payments contract as a developer's back end uses it: one developer with one app. */
export class Shop {
  readonly journey: Journey;
  readonly token: string;
  readonly appId: string;

  constructor(journey: Journey, { token, appId }: Pick<Shopper, "token" | "appId">) {
    this.journey = journey;
    this.token = token;
    this.appId = appId;
  }

  /** Makes a new developer and app. */
  static async open(journey: Journey): Promise<Shop> {
    const body = { name: "Corner Shop", email: `dev-${crypto.randomUUID()}@example.com` };
    const developer = await journey.must(201, "POST", "/admin/developers", { token: "admin_sandbox", body });
    const token: string = developer.body.data.token;
    const headers = { "X-Developer-Token": token };
    const app = await journey.must(201, "POST", "/apps", { headers, body: { name: "Web" } });
    return new Shop(journey, { token, appId: app.body.data.id });
  }

  async shopper(): Promise<Shopper> {
    const headers = { "X-Developer-Token": this.token };
    const body = { app_id: this.appId };
    const user = await this.journey.must(201, "POST", "/users", { headers, body });
    return { token: this.token, appId: this.appId, userId: user.body.data.id };
  }

  /** Opens a connected account and completes its onboarding. Returns Stripe's id. */
  async account(): Promise<string> {
    const headers = { "X-Developer-Token": this.token };
    const body = { email: `seller-${crypto.randomUUID()}@example.com` };
    const opened = await this.journey.must(201, "POST", "/connected-accounts", { headers, body });
    const { pathname, search } = new URL(opened.body.links.onboarding_url);
    const form = { "Content-Type": "application/x-www-form-urlencoded" };
    await this.journey.call("POST", pathname + search, { headers: form });
    return opened.body.data.account_id;
  }

  /** Sends one request on behalf of a shopper, or of the app. */
  ask(caller: Identity, method: string, path: string, body?: unknown, headers = {}): Promise<Answer> {
    const options = body === undefined ? {} : { body };
    return this.journey.call(method, `/api/v1${path}`, { ...options, headers: { ...identity(caller), ...headers } });
  }

  attach(shopper: Shopper, body: object, headers = {}): Promise<Answer> {
    return this.ask(shopper, "POST", "/payment-methods", { type: "card", ...body }, headers);
  }

  create(shopper: Shopper, body: object, headers = {}): Promise<Answer> {
    return this.ask(shopper, "POST", "/transactions", body, headers);
  }

  confirm({ shopper, transactionId, accountId }: Transaction, body: object = {}, headers = {}): Promise<Answer> {
    const named = { transaction_id: transactionId, account_id: accountId, payment_method_id: "pm_card_visa" };
    return this.ask(shopper, "POST", "/transactions/confirm", { ...named, ...body }, headers);
  }

  /** Confirms with a bank account whose holder has allowed the debit. */
  debit(transaction: Transaction, method = "pm_success_at", headers = {}): Promise<Answer> {
    return this.confirm(transaction, { payment_method_id: method, mandate_data: acceptedOnline }, headers);
  }

  view({ shopper, transactionId }: Transaction): Promise<Answer> {
    return this.ask(shopper, "GET", `/transactions/${transactionId}`);
  }

  capture({ shopper, transactionId }: Transaction, amount?: number, headers = {}): Promise<Answer> {
    const body = amount === undefined ? {} : { amount_to_capture: amount };
    return this.ask(shopper, "POST", `/transactions/${transactionId}/capture`, body, headers);
  }

  cancel({ shopper, transactionId }: Transaction, headers = {}): Promise<Answer> {
    return this.ask(shopper, "POST", `/transactions/${transactionId}/cancel`, {}, headers);
  }

  putOrder(orderId: string, terms: object): Promise<Answer> {
    return this.ask(this.ownBackEnd(), "PUT", `/orders/${orderId}`, terms);
  }

  cancelOrder({ orderId }: Pick<Transaction, "orderId">): Promise<Answer> {
    return this.ask(this.ownBackEnd(), "POST", `/orders/${orderId}/cancel`, {});
  }

  /** Answers the shopper's bank. */
  authenticate({ transactionId }: Transaction, answer: "approve" | "fail"): Promise<Answer> {
    return this.journey.submit(`/sandbox/authenticate/${transactionId}`, { authentication: answer });
  }

  refund({ shopper, orderId, accountId }: Transaction, body: object = {}, headers = {}): Promise<Answer> {
    return this.ask(shopper, "POST", "/refunds", { order_id: orderId, account_id: accountId, ...body }, headers);
  }

  /** Makes a transaction of an order with terms, because only those can name our fee. */
  async ordered(terms: object = {}, body: object = {}, world: World = {}): Promise<Transaction> {
    const { shopper, accountId } = await this.placesIn(world);
    const orderId = newOrderId();
    const put = await this.putOrder(orderId, { account_id: accountId, amount: 1000, ...terms });
    if (put.status !== 201) throw new Error(`put order: ${put.status} ${JSON.stringify(put.body)}`);
    const made = await this.create(shopper, { order_id: orderId, ...body });
    if (made.status !== 201) throw new Error(`create: ${made.status} ${JSON.stringify(made.body)}`);
    return { shopper, accountId, orderId, transactionId: made.body.data.transaction_id };
  }

  /** Makes a transaction of a new order, which waits for a payment method. */
  async started(body: object = {}, world: World = {}): Promise<Transaction> {
    const { shopper, accountId } = await this.placesIn(world);
    const orderId = newOrderId();
    const terms = { order_id: orderId, account_id: accountId, amount: 1000 };
    const made = await this.create(shopper, { ...terms, ...body });
    if (made.status !== 201) throw new Error(`create: ${made.status} ${JSON.stringify(made.body)}`);
    return { shopper, accountId, orderId, transactionId: made.body.data.transaction_id };
  }

  /** Makes the same and confirms it: paid, or authorized if the capture is manual. */
  async paid(body: object = {}, world: World = {}): Promise<Transaction> {
    const transaction = await this.started(body, world);
    const confirmed = await this.confirm(transaction);
    if (confirmed.status !== 200) throw new Error(`confirm: ${confirmed.status} ${JSON.stringify(confirmed.body)}`);
    return transaction;
  }

  private async placesIn({ shopper, accountId }: World): Promise<Required<World>> {
    return { shopper: shopper ?? (await this.shopper()), accountId: accountId ?? (await this.account()) };
  }

  /** Returns the identity without a shopper, because orders are the developer's. */
  private ownBackEnd(): Identity {
    return { token: this.token, appId: this.appId };
  }
}

/** The shopper who pays, and the account; omitted ones are made anew. */
interface World {
  shopper?: Shopper;
  accountId?: string;
}

/** A transaction with its order and shopper. */
export interface Transaction {
  shopper: Shopper;
  accountId: string;
  orderId: string;
  transactionId: string;
}

/** A shopper's acceptance of a mandate on the shop's page. */
export const acceptedOnline = {
  customer_acceptance: { type: "online", online: { ip_address: "198.51.100.7", user_agent: "Mozilla/5.0" } },
} as const;

/** Makes a new name for an order. */
export function newOrderId(): string {
  return `order-${crypto.randomUUID()}`;
}

/** Returns the identity headers. */
export function identity({ token, appId, userId }: Identity): Record<string, string> {
  return { "X-Developer-Token": token, "X-App-ID": appId, ...(userId === undefined ? {} : { "X-User-ID": userId }) };
}

/** Returns the result of a request on a transaction: the status, and its state or the refusal's code. */
export function verdict({ status, body }: Answer): [number, string] {
  return [status, body.code ?? body.data.status];
}
