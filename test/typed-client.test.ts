import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeClients } from "../src/cli/make-clients";
import type { Description, Operation, Schema } from "../src/client/description";
import { makeClient } from "../src/client/make-client";
import { printType } from "../src/client/print-types";

const contracts = ["offers", "payments", "transfers", "operator"];
const descriptionPath = (name: string) => (name === "operator" ? "/docs/operator.json" : `/openapi/${name}.json`);
const read = (path: string) => readFileSync(path, "utf8");
const documents = Object.fromEntries(
  contracts.map((name) => [descriptionPath(name), JSON.parse(read(`dist/assets${descriptionPath(name)}`))]),
);
const clients = makeClients(documents);
const guide = read("src/guides/typed-client.md");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "typed-client-"));
  for (const [path, text] of Object.entries(clients)) writeFileSync(join(folder, path.replace("/client/", "")), text);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Compiles files as a strict project without packages and without Node's types. Returns the compiler's complaints. */
function complaints(files: Record<string, string>): string[] {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const compilerOptions = {
    ...{ target: "es2022", lib: ["es2023", "dom", "dom.iterable"], types: [], noEmit: true },
    ...{ module: "esnext", moduleResolution: "bundler", allowImportingTsExtensions: true },
    ...{ strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noImplicitOverride: true },
    ...{ noUnusedLocals: true, noUnusedParameters: true, noPropertyAccessFromIndexSignature: true },
    ...{ verbatimModuleSyntax: true, isolatedModules: true, erasableSyntaxOnly: true, skipLibCheck: false },
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: Object.keys(files) }));
  try {
    execFileSync(resolve("node_modules/.bin/tsc"), ["-p", folder, "--pretty", "false"], { encoding: "utf8" });
    return [];
  } catch (error) {
    return (error as { stdout: string }).stdout.trim().split("\n");
  }
}

describe("the typed clients", () => {
  it("compile as strict TypeScript, without a package and without any", () => {
    const files = Object.fromEntries(contracts.map((name) => [`${name}.ts`, clients[`/client/${name}.ts`] ?? ""]));
    expect(complaints(files)).toEqual([]);
    for (const text of Object.values(files)) {
      expect(text.replace(/\/\*\*.*?\*\//gs, "")).not.toMatch(/[^.]\bany\b|@ts-|^import |\brequire\(/m);
    }
  });

  it("have each operation, with the errors that it documents", () => {
    let count = 0;
    for (const name of contracts) {
      const text = clients[`/client/${name}.ts`] ?? "";
      const { paths } = documents[descriptionPath(name)] as Description;
      for (const [path, methods] of Object.entries(paths)) {
        for (const [method, { operationId, responses }] of Object.entries(methods)) {
          count += 1;
          const called = operationId.replace(/-(\w)/g, (_: string, letter: string) => letter.toUpperCase());
          const place = new RegExp(
            `name: "${called}",\\s+method: "${method.toUpperCase()}",\\s+path: "${path.replace(/[{}]/g, "\\$&")}",\\s+security: .*\\s+refusals: (\\[.*\\])`,
          );
          const statuses = Object.keys(responses).map(Number);
          const refusals = statuses.filter((status) => status >= 400);
          expect([operationId, JSON.parse(place.exec(text)?.[1] ?? "null")]).toEqual([operationId, refusals]);
        }
      }
    }
    expect(count).toBeGreaterThan(75);
  });

  it("are the same on every run, and those that are served", () => {
    expect(makeClients(structuredClone(documents))).toEqual(clients);
    for (const [path, text] of Object.entries(clients)) expect(read(`dist/assets${path}`)).toBe(text);
  });

  it("refuse at compile time what the server would refuse", () => {
    const misuse = `import { createPayments, isRefusal } from "./payments.ts";
import { createTransfers } from "./transfers.ts";
const payments = createPayments({ baseUrl: "https://pay.example.com" });
const transfers = createTransfers({ baseUrl: "https://pay.example.com" });
export async function misuse(thrown: unknown) {
  // @ts-expect-error a misspelt member
  await payments.refundPayment({ body: { order_id: "1", account_id: "acct_1", amout: 5 } });
  // @ts-expect-error a missing member
  await payments.refundPayment({ body: { order_id: "1" } });
  // @ts-expect-error a wrong type
  await transfers.initiateTransfer({ body: { senderTag: "a", receiverTag: "b", amount: "5" } });
  // @ts-expect-error a value that there is not
  payments.listPayments({ query: { status: "paid" } });
  // @ts-expect-error an operation that ignores keys takes none
  await transfers.issueToken({ body: { client_id: "1", client_secret: "2" }, idempotencyKey: "3" });
  // @ts-expect-error no path
  await payments.viewPayment({});
  // @ts-expect-error an operation that there is not
  if (isRefusal(thrown, "stealPayment")) return;
  if (!isRefusal(thrown, "confirmPayment")) return;
  // @ts-expect-error a status that this operation does not answer
  if (thrown.status === 405) return;
  // @ts-expect-error a code that this operation does not answer
  if (thrown.code === "user_exists") return;
  if (thrown.code === "card_declined") {
    const paymentRequired: 402 = thrown.status;
    return paymentRequired;
  }
  // @ts-expect-error another member of the union has this
  if (thrown.status === 402) return thrown.body.details;
  const narration: string | undefined = undefined;
  await transfers.initiateTransfer({ body: { senderTag: "a", receiverTag: "b", amount: 5, narration } });
  return;
}
`;
    expect(complaints({ "misuse.ts": misuse })).toEqual([]);
  });

  it("have the type of each form of schema", () => {
    const a = { type: "object", properties: { a: { type: ["string", "null"] } }, required: ["a"] };
    const printed: [schema: Schema, type: string][] = [
      [{ type: "array", items: { enum: ["x", 1] } }, 'readonly ("x" | 1)[]'],
      [{ allOf: [{ $ref: "#/components/schemas/Error" }, { enum: ["x", "y"] }] }, 'ErrorBody & ("x" | "y")'],
      [{ ...a, anyOf: [{ required: ["a"] }] }, "{\n  a: string | null;\n}"],
      [{ type: "object", additionalProperties: { type: "integer" } }, "{\n  [member: string]: number;\n}"],
      [
        { type: "object", properties: { "a-b": {} }, additionalProperties: false },
        '{\n  "a-b"?: unknown | undefined;\n}',
      ],
      [{ oneOf: [{ const: true }, { type: "null" }] }, "true | null"],
    ];
    for (const [schema, type] of printed) expect(printType(schema)).toBe(type);
  });

  it("are used by the guide as they are", () => {
    const blocks = [...guide.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = ""]) => code);
    expect(blocks).toHaveLength(2);
    const [, program = ""] = /<<TS\n(.*?)^TS$/ms.exec(guide) ?? [];
    expect(program).toContain("createPayments");
    const files = Object.fromEntries([program, ...blocks].map((code, at) => [`block-${at}.ts`, code]));
    expect(complaints(files)).toEqual([]);
    expect(
      complaints({ "wrong.ts": (blocks[0] ?? "").replace("account_id, amount: 2500", "amount: 2500") }),
    ).toHaveLength(1);
  });
});

describe("a client is not made", () => {
  const described = (operation: Partial<Operation>): Description => ({
    paths: { "/x": { get: { operationId: "view-x", responses: {}, ...operation } } },
    components: {},
  });
  const answering = (schema: object) =>
    described({
      responses: { 200: { description: "", content: { "application/json": { schema: schema as Schema } } } },
    });

  it.each([
    ["a keyword that changes the type", answering({ prefixItems: [] }), /view-x: .*keyword prefixItems/],
    ["a type that JSON does not have", answering({ type: "date" }), /no type is known for date/],
    [
      "a header that the client does not send",
      described({ parameters: [{ in: "header", name: "X-New", schema: {} }] }),
      /header X-New/,
    ],
    [
      "a body that is no JSON",
      described({ requestBody: { content: { "text/csv": { schema: {} } } } }),
      /a body of text\/csv/,
    ],
  ])("of %s", (_, description, complaint) => {
    expect(() => makeClient("things", description, [])).toThrow(complaint);
  });

  it("with text of the description that leaves its comment", () => {
    const text = makeClient(
      "things",
      answering({ type: "object", properties: { a: { description: "*/ evil() /*" } } }),
      [],
    );
    expect(text).toContain("/** * / evil() /* */");
  });
});
