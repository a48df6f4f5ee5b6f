import { expect, it } from "vitest";
import { collect, type OpenApi } from "../../src/http/postman";
import { callRaw } from "./checked";

interface Item {
  name: string;
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
  item: { item: Item[] }[];
  variable: { key: string }[];
}

async function served(): Promise<Collection & { items: Item[] }> {
  const collection: Collection = (await callRaw("GET", "/api/v1/postman.json")).body;
  return { ...collection, items: collection.item.flatMap(({ item }) => item) };
}

it("collects every operation of the description once", async () => {
  const { items } = await served();
  const { body: api } = await callRaw("GET", "/api/v1/openapi.json");
  const described = Object.entries<object>(api.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} {{baseUrl}}${path.replaceAll(/\{(\w+)\}/g, ":$1")}`),
  );
  expect(items.map(({ request }) => `${request.method} ${request.url.raw}`).toSorted()).toEqual(described.toSorted());
});

it("can be sent as it is, once its variables are filled in", async () => {
  const { items, variable, info } = await served();
  expect(info.schema).toMatch(/collection\/v2\.1\.0\/collection\.json$/);
  const known = variable.map(({ key }) => key);
  for (const { name, request } of items) {
    const used = [...JSON.stringify(request).matchAll(/\{\{(\w+)\}\}/g)].map(([, key]) => key);
    expect(known, name).toEqual(expect.arrayContaining(used));
    const { path, variable: filled } = request.url;
    expect(
      filled.map(({ key }) => `:${key}`),
      name,
    ).toEqual(path.filter((part) => part.startsWith(":")));
    if (request.body) expect(Object.keys(JSON.parse(request.body.raw)), name).not.toEqual([]);
  }
  const accept = items.find(({ request }) => request.url.raw.endsWith("/testimonies/offers/accept"));
  expect(accept?.request.auth).toMatchObject({ type: "bearer", bearer: [{ key: "token", value: "{{bearer}}" }] });
  expect(accept?.request.header).toContainEqual({ key: "Content-Type", value: "application/json" });
  expect(accept?.request.header.find(({ key }) => key === "Idempotency-Key")?.disabled).toBe(true);
  expect(items.find(({ request }) => request.url.raw.endsWith("/status"))?.request.auth).toEqual({ type: "noauth" });
});

it("sends keys in headers where that is the way in", () => {
  const api: OpenApi = {
    info: { title: "Keys" },
    paths: { "/orders": { post: { security: [{ token: [], app: [] }, { bearer: [] }] } } },
    components: {
      securitySchemes: {
        token: { type: "apiKey", in: "header", name: "X-Token" },
        app: { type: "apiKey", in: "header", name: "X-App" },
        bearer: { type: "http", scheme: "bearer" },
      },
    },
  };
  expect(collect(api).item[0]?.item[0]?.request).toMatchObject({
    auth: { type: "noauth" },
    header: [
      { key: "X-Token", value: "{{token}}" },
      { key: "X-App", value: "{{app}}" },
    ],
  });
  expect(collect(api).variable.map(({ key }) => key)).toEqual(["baseUrl", "token", "app", "bearer"]);
});
