import { env } from "cloudflare:workers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { routes } from "../../src/app";
import { documents } from "../../src/documents";
import type { Route } from "../../src/http/route";
import { callRaw } from "./checked";
import { type KnownObjects, makeKnownObjects } from "./known-objects";
import { type Member, membersOf, type Schema, typesOf, withMember, wrongValues } from "./wrong-values";

/**
 * Every operation of the description is sent every wrong thing, one at a time: each must be refused by its name, in the
 * words of its contract, and nothing must be written.
 */

interface Operation {
  operationId: string;
  parameters?: { in: string; name: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema; example?: unknown }> };
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas?: Record<string, Schema> };
}

/**
 * What the contracts' pages say is taken for left out, a password of spaces, which may be somebody's, and parameters
 * that a token endpoint must ignore (RFC 6749 3.2).
 */
const taken = [
  /^\S+ (\w+\.)?(line2|vatId) (empty|blank)$/,
  /^\S+ shippingAddress\.(first|last)Name (empty|blank)$/,
  /^start-checkout (shippingAddress|company) (empty|blank)$/,
  /^create-testimony realEstate\.address\.(line[12]|parcelNumber|cadastralArea) (empty|blank)$/,
  /^\S+ turnstileToken (empty|blank)$/,
  /^log-in password blank$/,
  /^issue-token (unknown parameter|parameter in brackets)$/,
];

/** Wrong things that are told by another name: that of the password, and of what does not go with the example. */
const namedOtherwise: Record<string, string> = {
  "passwordConfirmation blank": "password",
  "mandate_data.customer_acceptance.offline unknown": "mandate_data.customer_acceptance.offline",
};

/** Examples with the members that the description's own leaves out, where one alone would make no sense. */
const fuller: Record<string, object> = {
  "confirm-payment": {
    transaction_id: "pi_3MtwBwLkdIwHu7ix28a3tqPa",
    payment_method_id: "pm_card_visa",
    account_id: "acct_1Nv0FGQ9RKHgCVdK",
    mandate_data: {
      customer_acceptance: { type: "online", online: { ip_address: "198.51.100.7", user_agent: "Mozilla/5.0" } },
    },
  },
};

let known: KnownObjects;
let sent = 0;
beforeAll(async () => {
  known = await makeKnownObjects();
});
afterAll(() => console.log(`strict input: ${sent} requests, each refused by the name of what was wrong`));

/** Lists the operations: those of the contracts from their own descriptions, where no path is shared. */
function operations() {
  const found = Object.keys(documents).toSorted((a, b) => b.length - a.length);
  const seen = new Set<string>();
  return found.flatMap((name) => {
    const document = documents[name] as Document;
    return Object.values(document.paths ?? {})
      .flatMap((path) => Object.values(path))
      .flatMap((operation) => {
        const route = routes.find(({ contract }) => contract.operationId === operation.operationId);
        if (!route || seen.has(operation.operationId)) return [];
        seen.add(operation.operationId);
        return [{ route, operation, document }];
      });
  });
}
const all = operations();
const each = all.map((one): [string, (typeof all)[number]] => [one.route.contract.operationId, one]);

it("covers every route", () => {
  const served = routes.map(({ contract: { operationId } }) => operationId);
  const covered = all.map(({ route }) => route.contract.operationId);
  expect(
    served.filter((id) => !covered.includes(id) && !/^view-(\w+-)?(description|collection|environment)$/.test(id)),
  ).toEqual([]);
});

/** What a request says, and the name that its refusal must repeat. */
interface Wrong {
  what: string;
  named: string;
  query?: string;
  body?: unknown;
}

describe("every wrong thing is refused by its name, and nothing is written:", () => {
  it.each(each)("%s", async (operationId, { route, operation, document }) => {
    const wrongs = [...wrongQueries(operation, document), ...wrongBodies(route, operation, document)];
    const before = await rowCounts();
    for (const wrong of wrongs) {
      if (taken.some((pattern) => pattern.test(`${operationId} ${wrong.what}`))) continue;
      sent += 1;
      const answer = await send(route, wrong);
      const told = `${operationId} ${wrong.what}: ${answer.status} ${answer.text}`;
      expect([400, 422], told).toContain(answer.status);
      expect(answer.text, told).toContain(wrong.named);
      // The Worker's bundle has none of zod's own texts (src/http/no-locale.ts).
      expect(answer.text, told).not.toMatch(/Invalid (input|option|string|email|ISO)|Too (small|big)|Unrecognized/);
    }
    expect(await rowCounts()).toEqual(before);
  });
});

function send(route: Route, { query = "", body }: Wrong) {
  const { method, bodyExample } = route.contract;
  const whole = body ?? fuller[route.contract.operationId] ?? bodyExample;
  return callRaw(method.toUpperCase(), known.pathOf(route) + query, {
    headers: known.headersOf(route),
    ...(whole === undefined ? {} : { body: JSON.stringify(whole) }),
  });
}

function wrongQueries({ operationId, parameters = [] }: Operation, document: Document): Wrong[] {
  if (operationId === "receive-stripe-event") return [];
  const own = parameters.filter((one) => one.in === "query");
  return [
    { what: "unknown parameter", named: "unheard_of", query: "?unheard_of=1" },
    { what: "parameter in brackets", named: "created[gte]", query: "?created[gte]=2026-01-01" },
    ...own.flatMap(({ name, schema }) => {
      const isText = typesOf(resolverOf(document)(schema)).join() === "string" && !("enum" in schema);
      const values = ["", "%20%E2%80%8B", `1&${name}=2`, "x".repeat(5_000), ...(isText ? [] : ["nonsense"])];
      return values.map((value) => ({ what: `${name}=${value}`, named: name, query: `?${name}=${value}` }));
    }),
  ];
}

function wrongBodies({ contract }: Route, { operationId, requestBody }: Operation, document: Document): Wrong[] {
  if (contract.method === "get" || contract.rawBodyLimitBytes !== undefined) return [];
  const { schema = {}, example } = requestBody?.content["application/json"] ?? {};
  const base = fuller[operationId] ?? example ?? {};
  const unknown = { what: "unknown member", named: "unheard_of", body: { ...base, unheard_of: 1 } };
  return [unknown, ...membersOf(schema, resolverOf(document)).flatMap((member) => wrongMembers(base, member))];
}

function wrongMembers(base: object, member: Member): Wrong[] {
  const name = member.path.join(".");
  return wrongValues(member).map(([what, value]) => ({
    what: `${name} ${what}`,
    named: namedOtherwise[`${name} ${what}`] ?? namedBy(member, what),
    body: withMember(base, member.path, value),
  }));
}

function namedBy({ path }: Member, what: string): string {
  if (what === "too deep") return path[0] ?? "";
  return what === "unknown" ? `${path.join(".")}.unheard_of` : path.join(".");
}

function resolverOf({ components }: Document) {
  return (schema: Schema): Schema => {
    const name = schema.$ref?.split("/").at(-1);
    return name === undefined ? schema : (components.schemas?.[name] ?? {});
  };
}

/** Counts the rows of every table: each change has one in the journal, too. */
async function rowCounts(): Promise<unknown> {
  const { results } = await env.DB.prepare(
    "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not like '\\_cf%' escape '\\'",
  ).run<{ name: string }>();
  const counts = results.map(({ name }) => env.DB.prepare(`select '${name}' as name, count(*) as rows from "${name}"`));
  return (await env.DB.batch(counts)).map((one) => one.results[0]);
}

/** Members that may be null, because null says something: each was decided. */
it("null is taken where it says something, and nowhere else", () => {
  const nullable = all.flatMap(({ route, operation, document }) => {
    const schema = operation.requestBody?.content["application/json"]?.schema ?? {};
    return membersOf(schema, resolverOf(document))
      .filter((member) => typesOf(member.schema).includes("null"))
      .map(({ path }) => `${route.contract.operationId} ${path.join(".")}`);
  });
  expect(nullable).toMatchInlineSnapshot(`
  [
    "update-application transactionWebhookUrl",
    "update-application redirectUris",
    "update-application logoUrl",
    "update-application metadata",
    "register-client turnstileToken",
    "register-expert billingAddress.line2",
    "register-expert company.vatId",
    "register-expert turnstileToken",
    "log-in turnstileToken",
    "request-password-reset turnstileToken",
    "resend-verification turnstileToken",
    "update-profile phone",
    "update-profile firstName",
    "update-profile lastName",
    "update-profile billingAddress",
    "update-profile billingAddress.line2",
    "update-profile shippingAddress",
    "update-profile shippingAddress.line2",
    "update-profile shippingAddress.firstName",
    "update-profile shippingAddress.lastName",
    "update-profile company",
    "update-profile company.vatId",
    "update-profile bankAccount",
    "create-testimony realEstate.properties",
    "create-testimony realEstate.address.line1",
    "create-testimony realEstate.address.line2",
    "create-testimony realEstate.address.parcelNumber",
    "create-testimony realEstate.address.cadastralArea",
    "create-testimony realEstate.region",
    "create-testimony realEstate.addressCoords",
    "create-testimony realEstate.userCoords",
    "start-checkout billingAddress.line2",
    "start-checkout shippingAddress",
    "start-checkout shippingAddress.line2",
    "start-checkout shippingAddress.firstName",
    "start-checkout shippingAddress.lastName",
    "start-checkout company",
    "start-checkout company.vatId",
    "admit-application debitLimit",
    "recover-lost-time place.account",
    "recover-lost-time place.after",
    "update-webhook-endpoint description",
  ]
`);
});
