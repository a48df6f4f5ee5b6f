import { expect, it } from "vitest";
import { routes } from "../../src/app";
import { collect, type OpenApi } from "../../src/http/postman";
import { callRaw } from "./checked";

interface Item {
  name: string;
  event: { listen: string; script: { exec: string[] } }[];
  request: {
    method: string;
    auth: { type: string };
    header: { key: string; value: string; disabled?: boolean }[];
    url: { raw: string; path: string[]; variable: { key: string }[] };
    body?: { raw: string };
  };
}

interface Collection {
  info: { schema: string };
  item: { name: string; item: Item[] }[];
}

interface PostmanEnvironment {
  values: { key: string; value: string; type: string }[];
}

async function served(): Promise<Collection & { items: Item[] }> {
  const collection: Collection = (await callRaw("GET", "/api/v1/postman.json")).body;
  return { ...collection, items: collection.item.flatMap(({ item }) => item) };
}

const variables = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, key = ""]) => key);

it("collects every operation, also both of a path that two contracts share", async () => {
  const { items } = await served();
  const undescribed = /^view-(?:(?:\w+-)?description|postman-\w+)$/;
  const described = routes.flatMap(({ contract: { operationId, method, path } }) =>
    undescribed.test(operationId) ? [] : `${method.toUpperCase()} {{baseUrl}}/api/v1${path.replace(/^\/$/, "")}`,
  );
  const collected = items.map(({ request }) => `${request.method} ${request.url.raw}`);
  expect([...new Set(collected)].toSorted()).toEqual([...new Set(described)].toSorted());
  const payAndTransfer = items.filter(({ request }) =>
    `${request.method} ${request.url.raw}`.endsWith("POST {{baseUrl}}/api/v1/transactions"),
  );
  expect(new Set(payAndTransfer.map(({ request }) => request.auth.type))).toEqual(new Set(["noauth", "bearer"]));
});

it("uses variables of the environment only, each of which it has, or an earlier request has filled in", async () => {
  const { items, info } = await served();
  const { values }: PostmanEnvironment = (await callRaw("GET", "/api/v1/postman-environment.json")).body;
  expect(info.schema).toMatch(/collection\/v2\.1\.0\/collection\.json$/);
  expect(values.filter(({ value }) => value === "")).toEqual([]);
  expect(values.find(({ key }) => key === "operator")).toMatchObject({ value: "admin_sandbox", type: "secret" });
  const filled = new Set(values.filter(({ value }) => value !== "none").map(({ key }) => key));
  const early: string[] = [];
  for (const { name, request, event } of items) {
    const scripts = (listens: string) =>
      event
        .filter(({ listen }) => listen === listens)
        .flatMap(({ script }) => variables(script.exec.join("\n"), /environment\.set\("(\w+)"/g));
    for (const key of scripts("prerequest")) filled.add(key);
    for (const key of variables(JSON.stringify(request), /\{\{(\w+)\}\}/g))
      if (!filled.has(key)) early.push(`${key} in ${name}`);
    for (const key of scripts("test")) filled.add(key);
    const { path, variable } = request.url;
    expect(
      variable.map(({ key }) => `:${key}`),
      name,
    ).toEqual(path.filter((part) => part.startsWith(":")));
    if (request.body) expect(Object.keys(JSON.parse(request.body.raw)), name).not.toEqual([]);
  }
  expect(values.map(({ key }) => key)).toEqual(expect.arrayContaining([...filled]));
  // Only calls to Stripe and messages that never got an answer have these ids, and only a mail has this hash: neither
  // comes by asking.
  expect(early).toEqual([
    expect.stringMatching(/^aggregate in Say how a call at Stripe has ended/),
    "transferWebhookId in Tell an application once more about a transfer",
    "aggregate in Try a call at Stripe again now",
    expect.stringMatching(/^hash in Verify an e-mail with the link/),
  ]);
  const accept = items.find(({ request }) => request.url.raw.endsWith("/testimonies/offers/accept"));
  expect(accept?.request.auth).toMatchObject({ type: "bearer", bearer: [{ key: "token", value: "{{bearer}}" }] });
  expect(accept?.request.header).toContainEqual({ key: "Content-Type", value: "application/json" });
  expect(accept?.request.header.find(({ key }) => key === "Idempotency-Key")?.disabled).toBe(true);
  expect(items.find(({ request }) => request.url.raw.endsWith("/status"))?.request.auth).toEqual({ type: "noauth" });
});

it("sends keys in headers where that is the way in, and operations that the walk does not name at the end", () => {
  const api: OpenApi = {
    info: { title: "Keys" },
    paths: {
      "/orders": { post: { operationId: "unheard-of", security: [{ token: [], app: [] }, { bearer: [] }] } },
      "/status": { get: { operationId: "view-status" } },
    },
    components: {
      securitySchemes: {
        token: { type: "apiKey", in: "header", name: "X-Token" },
        app: { type: "apiKey", in: "header", name: "X-App" },
        bearer: { type: "http", scheme: "bearer" },
      },
    },
  };
  const folders = collect("Keys", [api]).item;
  expect(folders.map(({ name }) => name)).toEqual(["Service", "More: other"]);
  expect(folders[1]?.item[0]?.request).toMatchObject({
    auth: { type: "noauth" },
    header: [
      { key: "X-Token", value: "{{token}}" },
      { key: "X-App", value: "{{app}}" },
    ],
  });
});
