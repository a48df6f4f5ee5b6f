import type { Answer, Journey } from "./journey";

/** A developer of the payments contract with a token, as the developer's back end calls. */
export class Seller {
  private constructor(
    readonly journey: Journey,
    readonly id: string,
    readonly token: string,
  ) {}

  /** Registers a new developer. */
  static async register(journey: Journey): Promise<Seller> {
    const body = { name: "Corner Shop", email: `dev-${crypto.randomUUID()}@example.com` };
    const made = await journey.must(201, "POST", "/admin/developers", { token: "admin_sandbox", body });
    return new Seller(journey, made.body.data.id, made.body.data.token);
  }

  ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const options = body === undefined ? {} : { body };
    const identity = { "X-Developer-Token": this.token, ...headers };
    return this.journey.call(method, `/api/v1${path}`, { ...options, headers: identity });
  }

  open(body: object = {}, headers: Record<string, string> = {}): Promise<Answer> {
    return this.ask("POST", "/connected-accounts", { email: newEmail(), ...body }, headers);
  }

  /** Opens an account. Returns Stripe's id. */
  async opened(body: object = {}): Promise<string> {
    return (await expectStatus(201, this.open(body))).data.account_id;
  }

  /** Opens an account and completes its onboarding. */
  async ready(body: object = {}): Promise<string> {
    const { data, links } = await expectStatus(201, this.open(body));
    await this.onboard(links.onboarding_url);
    return data.account_id;
  }

  /** Fills in an onboarding page. */
  onboard(url: string): Promise<Answer> {
    const form = { "Content-Type": "application/x-www-form-urlencoded" };
    return this.journey.call("POST", new URL(url).pathname, { headers: form });
  }

  view(accountId: string): Promise<Answer> {
    return this.ask("GET", `/connected-accounts/${accountId}`);
  }

  async status(accountId: string): Promise<string> {
    return (await expectStatus(200, this.view(accountId))).data.status;
  }

  delete(accountId: string): Promise<Answer> {
    return this.ask("DELETE", `/connected-accounts/${accountId}`);
  }
}

/** Makes a new e-mail. */
export function newEmail(): string {
  return `seller-${crypto.randomUUID()}@example.com`;
}

async function expectStatus(status: number, asked: Promise<Answer>): Promise<Answer["body"]> {
  const answer = await asked;
  if (answer.status !== status)
    throw new Error(`${answer.status} instead of ${status}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}
