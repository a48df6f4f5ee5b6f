import type { ExactNumber } from "../src/domain/exact-number.ts";

/**
 * The offers contract as its users call it, over HTTP only: clients, experts, the payment page, the operator and the
 * controls of the sandbox. The tests inside workerd, the end-to-end programs and the benchmarks use it.
 */
export type Send = (request: Request) => Promise<Response>;

export interface Answer {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look at whatever came back
  body: any;
  headers: Headers;
}

export interface Person {
  token: string;
  email: string;
}

/** A testimony with one expert's offer and, after `checkout`, the page to pay on. */
export interface OfferOnTable {
  testimonyId: string;
  offerId: string;
  client: Person;
  expert: Person;
}

export interface PaidSession extends OfferOnTable {
  url: string;
  sessionId: string;
}

export const cards = {
  good: "4242424242424242",
  declined: "4000000000000002",
  disputed: "4000000000000259",
  refundFails: "4000000000005126",
  refundPending: "4000000000007726",
  delayedSucceeds: "AT611904300234573201",
  delayedFails: "AT861904300235473202",
};

let counter = 0;

export class Journey {
  private readonly send: Send;
  private readonly origin: string;

  constructor(send: Send, origin = "http://localhost:8787") {
    this.send = send;
    this.origin = origin;
  }

  /** Sends one request with a JSON body, and reads the JSON answer. */
  async call(
    method: string,
    path: string,
    options: { body?: unknown; token?: string; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const headers = new Headers(options.headers);
    if (options.token) headers.set("Authorization", `Bearer ${options.token}`);
    if (options.body !== undefined) headers.set("Content-Type", "application/json");
    const init: RequestInit = { method, headers, redirect: "manual" };
    if (options.body !== undefined) init.body = JSON.stringify(options.body);
    const url = path.startsWith("http") ? path : this.origin + path;
    const response = await this.send(new Request(url, init));
    const text = await response.text();
    const isJson = /json/.test(response.headers.get("Content-Type") ?? "");
    return { status: response.status, body: isJson && text ? JSON.parse(text) : text, headers: response.headers };
  }

  /** Sends one request with a raw body. */
  async post(path: string, body: string, headers: Record<string, string>): Promise<Answer> {
    const response = await this.send(new Request(this.origin + path, { method: "POST", headers, body }));
    return { status: response.status, body: await response.json(), headers: response.headers };
  }

  /** Sends one request to the API that must be answered with this status. */
  async must(
    status: number,
    method: string,
    path: string,
    options: Parameters<Journey["call"]>[2] = {},
  ): Promise<Answer> {
    const answer = await this.call(method, `/api/v1${path}`, options);
    if (answer.status !== status) {
      throw new Error(`${method} ${path}: ${answer.status} instead of ${status}: ${JSON.stringify(answer.body)}`);
    }
    return answer;
  }

  async registerClient(): Promise<Person> {
    const body = newClient();
    const answer = await this.must(201, "POST", "/auth/register/client", { body });
    return { token: answer.body.data.token, email: body.email };
  }

  async registerExpert(regions = ["ba"]): Promise<Person> {
    const body = newExpert(regions);
    const answer = await this.must(201, "POST", "/auth/register/expert", { body });
    return { token: answer.body.data.token, email: body.email };
  }

  /** Opens the expert's payout account and completes the onboarding page. */
  async onboard(expert: Person): Promise<void> {
    const answer = await this.must(200, "POST", "/me/payout-account", { token: expert.token });
    await this.call("POST", this.local(answer.body.data.url), { headers: form, body: undefined });
  }

  async createTestimony(client: Person, region: string | null = "ba"): Promise<string> {
    const body = {
      purpose: "mortgage",
      realEstate: {
        type: "house",
        properties: { parcelCount: 1, storeyCount: 2, otherBuildingCount: 0, detachedGarageCount: 0 },
        address: { line1: "Hlavná 1", city: "Bratislava", postalCode: "811 01" },
        region,
      },
    };
    return (await this.must(201, "POST", "/testimonies", { token: client.token, body })).body.data.id;
  }

  async createOffer(expert: Person, testimonyId: string, price: number | ExactNumber): Promise<string> {
    const body = { price, deliveryDays: 14 };
    const path = `/testimonies/${testimonyId}/offers`;
    return (await this.must(201, "POST", path, { token: expert.token, body })).body.data.id;
  }

  /** Makes a client's testimony with an expert's offer. */
  async offerOnTable(options: { client?: Person; expert?: Person; price?: number; onboarded?: boolean } = {}) {
    const client = options.client ?? (await this.registerClient());
    const expert = options.expert ?? (await this.registerExpert());
    if (options.onboarded ?? true) await this.onboard(expert);
    const testimonyId = await this.createTestimony(client);
    const offerId = await this.createOffer(expert, testimonyId, options.price ?? 149.5);
    return { testimonyId, offerId, client, expert } satisfies OfferOnTable;
  }

  startCheckout(offer: { offerId: string; client: Person }, changes: object = {}, headers?: Record<string, string>) {
    const body = { ...checkoutBody(), ...changes };
    const path = `/api/v1/testimonies/offers/${offer.offerId}/checkout`;
    return this.call("POST", path, { token: offer.client.token, body, ...(headers ? { headers } : {}) });
  }

  /** Opens the payment page. */
  async checkout<O extends OfferOnTable>(offer: O, changes: object = {}): Promise<O & PaidSession> {
    const answer = await this.startCheckout(offer, changes);
    if (answer.status !== 200) throw new Error(`checkout: ${answer.status} ${JSON.stringify(answer.body)}`);
    const url: string = answer.body.data.url;
    return { ...offer, url, sessionId: url.split("/").at(-1) ?? "" };
  }

  /** Fills in the payment page. 303 means paid. */
  async pay(session: { url: string }, card = cards.good): Promise<Answer> {
    return this.submit(session.url, { cardNumber: card, expiry: "12/34", cvc: "123", name: "Jana Vzorová" });
  }

  /** Sends the form of a page of the sandbox. */
  async submit(page: string, fields: Record<string, string>): Promise<Answer> {
    const url = this.local(new URL(page, this.origin).href);
    const body = new URLSearchParams(fields);
    const response = await this.send(new Request(url, { method: "POST", body, redirect: "manual" }));
    return { status: response.status, body: await response.text(), headers: response.headers };
  }

  accept(session: { sessionId: string; client: Person }, headers?: Record<string, string>): Promise<Answer> {
    return this.call("POST", "/api/v1/testimonies/offers/accept", {
      token: session.client.token,
      body: { sessionId: session.sessionId },
      ...(headers ? { headers } : {}),
    });
  }

  /** Makes an offer that is paid and not confirmed. */
  async paidOffer(options: Parameters<Journey["offerOnTable"]>[0] & { card?: string } = {}): Promise<PaidSession> {
    const session = await this.checkout(await this.offerOnTable(options));
    const paid = await this.pay(session, options.card);
    if (paid.status !== 303) throw new Error(`pay: ${paid.status} ${paid.body}`);
    return session;
  }

  async state(offer: { testimonyId: string; client: Person }): Promise<string> {
    return (await this.must(200, "GET", `/testimonies/${offer.testimonyId}`, { token: offer.client.token })).body.data
      .state;
  }

  // --- The operator -------------------------------------------------------------------------------------------------

  operator(method: string, path: string, body?: unknown): Promise<Answer> {
    return this.call(method, `/api/v1/admin${path}`, {
      token: "admin_sandbox",
      ...(body === undefined ? {} : { body }),
    });
  }

  async ledgerCheck() {
    return (await this.operator("GET", "/ledger/check")).body as {
      ok: boolean;
      invariants: { name: string; ok: boolean; violations: unknown[] }[];
    };
  }

  /** Returns the unexplained amounts of our balance at Stripe, and of the first connected accounts'. */
  async reconcile(): Promise<{ ok: boolean; unexplained: { reference: string }[] }> {
    const ours = (await this.operator("GET", "/reconcile")).body;
    const theirs = (await this.operator("GET", "/reconcile/accounts")).body;
    const ofAccounts = theirs.accounts.flatMap(
      ({ unexplained }: { unexplained: { reference: string }[] }) => unexplained,
    );
    return { ok: ours.ok && theirs.ok, unexplained: [...ours.unexplained, ...ofAccounts] };
  }

  // --- The sandbox --------------------------------------------------------------------------------------------------

  async control(method: string, path: string, body?: unknown): Promise<Answer> {
    const answer = await this.call(method, `/sandbox/control/${path}`, body === undefined ? {} : { body });
    if (answer.status >= 400) throw new Error(`control ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer;
  }

  reset(): Promise<Answer> {
    return this.control("POST", "reset");
  }

  /** Moves the clock. Answers after the due work was attempted. */
  advance(seconds: number): Promise<Answer> {
    return this.control("POST", "clock", { advanceSeconds: seconds });
  }

  fault(match: string, kind: string, times = 1): Promise<Answer> {
    return this.control("POST", "faults", { match, kind, times });
  }

  events(mode: "deliver" | "hold" | "duplicate" | "shuffle" | "drop"): Promise<Answer> {
    return this.control("POST", "events", { mode });
  }

  flushEvents(copies = 1): Promise<Answer> {
    return this.control("POST", "events/flush", { copies });
  }

  /** Asks the emulator as any Stripe client would, about the platform or about a connected account. */
  async stripe(path: string, account?: string): Promise<Answer["body"]> {
    const answer = await this.call("GET", `/sandbox/stripe/v1${path}`, {
      headers: { Authorization: "Bearer sk_test_looking", ...onAccount(account) },
    });
    return answer.body;
  }

  /** Acts at Stripe out-of-band, like any other holder of the key. Returns the object or Stripe's error. */
  async stripePost(
    path: string,
    fields: Record<string, string | number> = {},
    account?: string,
  ): Promise<Answer["body"]> {
    const body = new URLSearchParams(Object.entries(fields).map(([name, value]) => [name, String(value)]));
    const headers = { Authorization: "Bearer sk_test_another", ...onAccount(account) };
    const url = `${this.origin}/sandbox/stripe/v1${path}`;
    return (await this.send(new Request(url, { method: "POST", body, headers }))).json();
  }

  private local(url: string): string {
    const { pathname, search } = new URL(url);
    return this.origin + pathname + search;
  }
}

const form = { "Content-Type": "application/x-www-form-urlencoded" };

function onAccount(account: string | undefined): Record<string, string> {
  return account === undefined ? {} : { "Stripe-Account": account };
}

/** Makes a client's registration with a new e-mail. */
export function newClient() {
  return {
    email: unique("client"),
    password: "correct-horse-9",
    passwordConfirmation: "correct-horse-9",
    newsletterSubscribed: false,
    termsAgreed: true as const,
  };
}

/** Makes an expert's registration with a new e-mail and phone. */
export function newExpert(regions = ["ba"]) {
  return {
    ...newClient(),
    email: unique("expert"),
    phone: uniquePhone(),
    firstName: "Petra",
    lastName: "Vzorová",
    dateOfBirth: { day: 1, month: 2, year: 1980 },
    billingAddress: { line1: "Hlavná 1", city: "Bratislava", postalCode: "811 01", country: "SK" },
    company: { businessId: "12345678", taxId: "2020202020" },
    bankAccount: { iban: "SK0809000000000123123123" },
    registrationNumber: "910001",
    regions,
  };
}

/** Makes a checkout's input with a new phone. */
export function checkoutBody() {
  return {
    phone: uniquePhone(),
    firstName: "Jana",
    lastName: "Vzorová",
    billingAddress: { line1: "Dlhá 2", city: "Nitra", postalCode: "949 01", country: "SK" },
  };
}

function unique(role: string): string {
  counter += 1;
  return `${role}-${counter}-${crypto.randomUUID().slice(0, 8)}@example.com`;
}

function uniquePhone(): string {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  return `+42190${String(random % 10_000_000).padStart(7, "0")}`;
}
