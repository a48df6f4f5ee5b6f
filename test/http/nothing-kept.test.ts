import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { hashToken } from "../../src/crypto/tokens";
import { everyOperation } from "../every-operation";
import type { LogLine } from "../every-operation/meter";
import { cards, Journey, newClient } from "../journey";
import { rows } from "../operations/rows";
import { acceptedOnline, Shop } from "../shop";
import { callersAddress, rememberingSend } from "./remembering-send";

/**
 * Goes through every operation of the API, and through what goes wrong with a person's data in it, and then searches
 * everything that is kept: each text of each row, what receivers were sent, what an operator can export, and the log.
 */
const { send, told } = rememberingSend();
const journey = new Journey(send);
const settings = env as unknown as Record<string, string>;
const operator = { token: "admin_sandbox" };
const lines: string[] = [];

/** Texts by where they were found: "table.column" of the database, or another place. */
let kept: { place: string; text: string }[] = [];

beforeAll(async () => {
  await journey.reset();
  for (const level of ["log", "debug", "info", "warn", "error"] as const) {
    vi.spyOn(console, level).mockImplementation((...said: unknown[]) => void lines.push(said.map(String).join(" ")));
  }
  const body = { url: "http://localhost:8787/sandbox/inbox/everything", events: ["*"] };
  const { id, secret } = (await journey.must(201, "POST", "/webhook-endpoints", { ...operator, body })).body.data;
  await journey.control("POST", "inbox", { box: "everything", secrets: [secret] });
  await everyOperation(journey, () => lines.flatMap(parsed));
  await journey.must(200, "POST", `/webhook-endpoints/${id}/rotate-secret`, { ...operator, body: {} });
  await debitWithMandate();
  await goWrong();
  await journey.advance(3_600);
  kept = [...(await everyText()), ...(await everythingSent()), ...(await everyExport())];
});
afterAll(() => vi.restoreAllMocks());

function parsed(line: string): LogLine[] {
  return line.startsWith("{") ? [JSON.parse(line)] : [];
}

async function debitWithMandate(): Promise<void> {
  const shop = await Shop.open(journey);
  const transaction = await shop.started({ currency: "eur", receipt_email: "receipt-to@example.org" });
  const debit = await shop.debit(transaction);
  expect(debit.status).toBe(200);
  await journey.advance(61);
  await shop.started(); // stays payable
}

/** Sends personal data where it is refused, where it is taken already, and where Stripe fails. */
async function goWrong(): Promise<void> {
  const person = { ...newClient(), email: "frederika.neznama@example.org" };
  const register = (body: object) => journey.call("POST", "/api/v1/auth/register/client", { body });
  expect((await register(person)).status).toBe(201);
  const answers = [
    await register(person),
    await register({ ...person, email: `${person.email}@`, phone: "+421900123987" }),
    await journey.call("POST", "/api/v1/auth/login", { body: { email: person.email, password: "a-wrong-horse-7" } }),
    await journey.call("GET", `/api/v1/users/${person.email}`),
    await journey.call("GET", `/api/v1/admin/users?email=${person.email}&name=Frederika`, operator),
    await journey.call("GET", `/api/v1/admin/users/${person.email}`, operator),
    await journey.call("GET", `/api/v1/admin/timeline?id=${person.email}`, operator),
    await journey.post("/api/v1/auth/login", `{"email":"${person.email}`, { "Content-Type": "application/json" }),
  ];
  for (const { status } of answers) expect(status).toBeGreaterThanOrEqual(400);
  for (const kind of ["500", "timeout_before", "timeout_after"]) {
    const offer = await journey.offerOnTable({ onboarded: false });
    await journey.fault("POST /v1/checkout/sessions", kind);
    await journey.startCheckout(offer, { email: "payer.of.page@example.org" });
    await journey.fault("POST /v1/accounts", kind);
    await journey.call("POST", "/api/v1/me/payout-account", { token: offer.expert.token, body: {} });
  }
}

/** Reads each text of each row of each table. */
async function everyText() {
  const tables = await rows<{ name: string }>(
    "select name from sqlite_master where type = 'table' and name not like '!_cf%' escape '!' and name not like 'sqlite%'",
  );
  const found = tables.map(async ({ name: table }) => {
    const all = await rows<Record<string, unknown>>(`select * from "${table}"`);
    return all.flatMap((row) =>
      Object.entries(row).map(([column, value]) => ({ place: `${table}.${column}`, text: String(value) })),
    );
  });
  return (await Promise.all(found)).flat();
}

/** Reads what a receiver of every event was sent. */
async function everythingSent() {
  const { body } = await journey.control("GET", "inbox?box=everything");
  return [{ place: "what receivers were sent", text: JSON.stringify(body.received) }];
}

/** Reads what an operator can take along about everything that has changed. */
async function everyExport() {
  const changed = await rows<{ id: string }>("select distinct aggregate_id as id from journal");
  const timelines = changed.map(async ({ id }) => {
    const { status, body } = await journey.operator("GET", `/timeline?id=${encodeURIComponent(id)}`);
    return status === 200 ? [{ place: "timeline", text: JSON.stringify(body) }] : [];
  });
  const reads = ["/attention", "/stripe-events", "/applications", "/developers", "/users", "/ledger"].map(
    async (path) => {
      const { status, body } = await journey.operator("GET", path);
      expect(status, path).toBe(200);
      return [{ place: `admin${path}`, text: JSON.stringify(body) }];
    },
  );
  return (await Promise.all([...timelines, ...reads])).flat();
}

const placesOf = (needle: string) => [
  ...new Set(kept.filter(({ text }) => text.includes(needle)).map(({ place }) => place)),
];

describe("after every operation", () => {
  it("was a journey with secrets of every kind, and of people", () => {
    const { secrets, clientSecrets, personal } = told;
    for (const shape of [
      /^[\w-]{40,}$/,
      /^dev_/,
      /^app_/,
      /^whsec_/,
      /^eyJ/,
      /^correct-horse-9$/,
      /^4242424242424242$/,
    ]) {
      expect(
        [...secrets].some((secret) => shape.test(secret)),
        String(shape),
      ).toBe(true);
    }
    expect(secrets.size).toBeGreaterThan(20);
    expect(clientSecrets.size).toBeGreaterThan(3);
    expect([...personal]).toEqual(
      expect.arrayContaining([
        callersAddress,
        "Petra",
        "Vzorová",
        "SK0809000000000123123123",
        "payer.of.page@example.org",
      ]),
    );
    expect(kept.length).toBeGreaterThan(2_000);
    expect(lines.length).toBeGreaterThan(300);
    // The search finds what is there: a hash of a token, a name, a client's secret that is still of use.
    const hashes = [...secrets].filter((secret) => secret.startsWith("dev_")).map(hashToken);
    expect(hashes.flatMap(placesOf)).toContain("developer_tokens.hash");
    expect(placesOf("Petra")).toContain("users.first_name");
    expect([...clientSecrets].flatMap(placesOf)).toContain("payments.client_secret");
  });

  it("no secret, token, password or card number is in any row, event, export or line of the log", () => {
    const ours = ["STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRETS", "ADMIN_TOKENS", "WEBHOOK_SEALING_KEYS"].flatMap(
      (name) => settings[name]?.split(",").map((one) => one.slice(one.indexOf(":") + 1)),
    );
    expect(ours).toContain("admin_sandbox");
    const needles = [...told.secrets, ...(ours as string[]), ...Object.values(cards)];
    const found = needles.flatMap((needle) => placesOf(needle).map((place) => `${place}: ${needle}`));
    expect(found).toEqual([]);
    expect(lines.filter((line) => needles.some((needle) => line.includes(needle)))).toEqual([]);
  });

  it("Stripe's secret of a payment is in its row alone, and only while somebody can pay", async () => {
    const places = [...told.clientSecrets].flatMap(placesOf);
    expect(places.filter((place) => place !== "payments.client_secret")).toEqual([]);
    const ended = await rows<{ n: number }>(
      `select count(*) as n from payments where state in ('succeeded', 'canceled', 'expired', 'failed')`,
    );
    expect(ended[0]?.n).toBeGreaterThan(2);
    expect(
      await rows(`select id from payments where client_secret is not null
        and state in ('succeeded', 'canceled', 'expired', 'failed')`),
    ).toEqual([]);
    expect(
      kept.filter(({ place, text }) => place !== "payments.client_secret" && /\bpi_\w+_secret_/.test(text)),
    ).toEqual([]);
    expect(lines.filter((line) => /_secret_/.test(line))).toEqual([]);
  });

  it("a shopper's address is kept with no call to Stripe that has ended", () => {
    const { ip_address, user_agent } = acceptedOnline.customer_acceptance.online;
    expect(told.personal).toContain(ip_address);
    expect(placesOf(ip_address)).toEqual([]);
    expect(placesOf(user_agent).filter((place) => place !== "access_tokens.network")).toEqual([]);
  });

  it("nothing about a person is in the log", () => {
    const found = [...told.personal].flatMap((about) => {
      const escaped = about.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
      const whole = new RegExp(`(?<![\\p{L}\\d])${escaped}(?![\\p{L}\\d])`, "iu");
      return lines
        .filter((line) => whole.test(line))
        .slice(0, 3)
        .map((line) => `${about}: ${line.slice(0, 400)}`);
    });
    expect(found).toEqual([]);
    expect(lines.filter((line) => /[\w.+-]+@[\w-]+\.\w/.test(line))).toEqual([]);
    expect(lines.filter((line) => /\b\d{1,3}(\.\d{1,3}){3}\b/.test(line))).toEqual([]);
  });
});
