/** Makes the parties of each contract in the sandbox, as the guides do with `curl`. */

/** Credentials of somebody for the API, and ids that are useful in requests. */
export interface Credentials {
  name: string;
  /** By the name of the security scheme in the description. */
  schemes: Record<string, string>;
  known: Record<string, string>;
}

const api = "/api/v1";
const operatorToken = "admin_sandbox"; // the sandbox's, and refused by every deployment

/**
 * Tells whether the sandbox serves this page. Only loopback addresses are asked, because the sandbox answers on no
 * others, and a deployment would print an error for the question.
 */
export async function isSandbox(): Promise<boolean> {
  if (!["localhost", "127.0.0.1", "[::1]"].includes(location.hostname)) return false;
  return (await fetch("/sandbox/control/clock")).ok;
}

export const parties: Partial<Record<string, () => Promise<Credentials[]>>> = {
  async offers() {
    const client = await registered("client", {});
    const expert = await registered("expert", {
      phone: `+421905${String(Math.floor(Math.random() * 1e6)).padStart(6, "0")}`,
      firstName: "Ema",
      lastName: "Expertova",
      dateOfBirth: { day: 1, month: 2, year: 1980 },
      billingAddress: { line1: "Dielenska 3", city: "Nitra", postalCode: "949 01", country: "SK" },
      company: { businessId: "12345678", taxId: "1234567890" },
      bankAccount: { iban: "SK3112000000198742637541" },
      registrationNumber: "900001",
      regions: ["nr"],
    });
    return [
      { name: "a client", schemes: { bearer: client }, known: {} },
      { name: "an expert", schemes: { bearer: expert }, known: {} },
    ];
  },

  async payments() {
    const developer = await answer<"token">("/admin/developers", {
      headers: { Authorization: `Bearer ${operatorToken}` },
      body: { name: "Reference", email: newEmail("developer") },
    });
    const headers = { "X-Developer-Token": developer.data.token };
    const app = await answer<"id">("/apps", { headers, body: { name: "Web" } });
    const user = await answer<"id">("/users", { headers, body: { app_id: app.data.id } });
    const account = await answer<"account_id">("/connected-accounts", { headers, body: { email: newEmail("seller") } });
    await fetch(account.links.onboarding_url ?? "", { method: "POST" });
    return [
      {
        name: "a shopper of a developer's app",
        schemes: { developerToken: developer.data.token, appId: app.data.id, userId: user.data.id },
        known: { account_id: account.data.account_id, payment_method_id: "pm_card_visa", app_id: app.data.id },
      },
    ];
  },

  async transfers() {
    const made: Credentials[] = [];
    for (const [handle, tag] of [
      ["walletapp", "alice"],
      ["shopapp", "bob"],
    ] as const) {
      const appHandle = `${handle}-${suffix()}`;
      const { data } = await answer<"clientId" | "clientSecret">("/applications", {
        body: { name: handle, appHandle, transactionWebhookUrl: `${location.origin}/sandbox/inbox/${handle}` },
      });
      const form = new URLSearchParams({ client_id: data.clientId, client_secret: data.clientSecret });
      const { data: issued } = await answer<"token">("/auth/token", { form });
      const headers = { Authorization: `Bearer ${issued.token}` };
      const subject = await answer<"id">("/subjects", { headers, body: { externalId: "user-1" } });
      const { data: given } = await answer<"qualifiedTag">("/tags", {
        headers,
        body: { subjectId: subject.data.id, tagString: tag },
      });
      made.push({
        name: `the application of @${given.qualifiedTag}`,
        schemes: { applicationToken: issued.token },
        known: { tag: `@${given.qualifiedTag}` },
      });
    }
    return made;
  },

  async operator() {
    return [{ name: "the operator", schemes: { operator: operatorToken }, known: {} }];
  },
};

/** Registers somebody of the offers contract. Returns the token. */
async function registered(role: "client" | "expert", more: object): Promise<string> {
  const password = "correct horse 1";
  const body = {
    email: newEmail(role),
    password,
    passwordConfirmation: password,
    newsletterSubscribed: false,
    termsAgreed: true,
  };
  const { data } = await answer<"token">(`/auth/register/${role}`, { body: { ...body, ...more } });
  return data.token;
}

function suffix(): string {
  return Math.random().toString(36).slice(2, 8);
}

function newEmail(name: string): string {
  return `${name}.${suffix()}@example.com`;
}

interface Asked {
  headers?: Record<string, string>;
  body?: object;
  form?: URLSearchParams;
}

/**
 * Posts to the API. Returns the answer, whose data has the named members. Throws with the status and the answer if the
 * API refuses.
 */
async function answer<Members extends string>(
  path: string,
  { headers = {}, body, form }: Asked,
): Promise<{ data: Record<Members, string>; links: { onboarding_url?: string } }> {
  const response = await fetch(api + path, {
    method: "POST",
    headers: { ...headers, ...(body ? { "Content-Type": "application/json" } : {}) },
    body: form ?? JSON.stringify(body ?? {}),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${(await response.text()).slice(0, 300)}`);
  return response.json();
}
