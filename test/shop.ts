import type { Answer, Journey } from "./journey";

/** A shopper of the shop's app, as the identity headers name them. */
export interface Shopper {
  token: string;
  appId: string;
  userId: string;
}

/** The payments contract as a developer's back end uses it: one developer with one app. */
export class Shop {
  private constructor(
    readonly journey: Journey,
    readonly token: string,
    readonly appId: string,
  ) {}

  /** Makes a developer and an app that nobody else has. */
  static async open(journey: Journey): Promise<Shop> {
    const body = { name: "Corner Shop", email: `dev-${crypto.randomUUID()}@example.com` };
    const developer = await journey.must(201, "POST", "/admin/developers", { token: "admin_sandbox", body });
    const token: string = developer.body.data.token;
    const headers = { "X-Developer-Token": token };
    const app = await journey.must(201, "POST", "/apps", { headers, body: { name: "Web" } });
    return new Shop(journey, token, app.body.data.id);
  }

  async shopper(): Promise<Shopper> {
    const headers = { "X-Developer-Token": this.token };
    const body = { app_id: this.appId };
    const user = await this.journey.must(201, "POST", "/users", { headers, body });
    return { token: this.token, appId: this.appId, userId: user.body.data.id };
  }

  /** Opens a connected account and completes its onboarding. Answers Stripe's id. */
  async account(): Promise<string> {
    const headers = { "X-Developer-Token": this.token };
    const body = { email: `seller-${crypto.randomUUID()}@example.com` };
    const opened = await this.journey.must(201, "POST", "/connected-accounts", { headers, body });
    const { pathname, search } = new URL(opened.body.links.onboarding_url);
    const form = { "Content-Type": "application/x-www-form-urlencoded" };
    await this.journey.call("POST", pathname + search, { headers: form });
    return opened.body.data.account_id;
  }

  /** One request on behalf of a shopper. */
  ask(shopper: Shopper, method: string, path: string, body?: unknown, headers = {}): Promise<Answer> {
    const options = body === undefined ? {} : { body };
    return this.journey.call(method, `/api/v1${path}`, { ...options, headers: { ...identity(shopper), ...headers } });
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

  view({ shopper, transactionId }: Transaction): Promise<Answer> {
    return this.ask(shopper, "GET", `/transactions/${transactionId}`);
  }

  refund({ shopper, orderId, accountId }: Transaction, body: object = {}, headers = {}): Promise<Answer> {
    return this.ask(shopper, "POST", "/refunds", { order_id: orderId, account_id: accountId, ...body }, headers);
  }

  /** A transaction of an order that nobody else has, waiting for a payment method. */
  async started(body: object = {}, world: { shopper?: Shopper; accountId?: string } = {}): Promise<Transaction> {
    const shopper = world.shopper ?? (await this.shopper());
    const accountId = world.accountId ?? (await this.account());
    const orderId = newOrderId();
    const terms = { order_id: orderId, account_id: accountId, amount: 1000 };
    const made = await this.create(shopper, { ...terms, ...body });
    if (made.status !== 201) throw new Error(`create: ${made.status} ${JSON.stringify(made.body)}`);
    return { shopper, accountId, orderId, transactionId: made.body.data.transaction_id };
  }

  /** The same, confirmed: paid, or authorised where the capture is manual. */
  async paid(body: object = {}, world: Parameters<Shop["started"]>[1] = {}): Promise<Transaction> {
    const transaction = await this.started(body, world);
    const confirmed = await this.confirm(transaction);
    if (confirmed.status !== 200) throw new Error(`confirm: ${confirmed.status} ${JSON.stringify(confirmed.body)}`);
    return transaction;
  }
}

/** An order of a shopper, and what is being paid for it. */
export interface Transaction {
  shopper: Shopper;
  accountId: string;
  orderId: string;
  transactionId: string;
}

/** A name for an order that no other has. */
export function newOrderId(): string {
  return `order-${crypto.randomUUID()}`;
}

/** The three headers. */
export function identity({ token, appId, userId }: Shopper): Record<string, string> {
  return { "X-Developer-Token": token, "X-App-ID": appId, "X-User-ID": userId };
}
