/**
 * Runs two Postman collections by newman against `npm start`: the requests that the payments contract documents, and
 * the whole API as it describes itself at `/api/v1/postman.json`, where every answer must be a documented one.
 */
import assert from "node:assert/strict";
import newman, { type Run } from "newman";
import documented from "./postman/documented-requests.json" with { type: "json" };
import { startServer } from "./server.ts";

interface Collection {
  variable: { key: string; value: string }[];
}

const server = await startServer({ command: ["npm", "start"] });
const world = await makeWorld();
await runCollection("the documented requests", documented as Collection, world);
await runCollection("the whole API", await (await fetch(`${server.url}/api/v1/postman.json`)).json(), world);
await server.remove();

/**
 * Makes a developer with an app, a shopper and an account; a client with a testimony; an application; and returns their
 * credentials.
 */
async function makeWorld(): Promise<Record<string, string>> {
  const operator = { Authorization: "Bearer admin_sandbox" };
  const developer = await post("/admin/developers", { name: "Corner Shop", email: "shop@example.com" }, operator);
  const token = { "X-Developer-Token": developer.token };
  const app = await post("/apps", { name: "Web" }, token);
  const user = await post("/users", { app_id: app.id }, token);
  const account = await post("/connected-accounts", { email: "seller@example.com" }, token);
  const client = await post(
    "/auth/register/client",
    { ...(await example("/auth/register/client")), email: "somebody-else@example.com" },
    {},
  );
  const bearer = { Authorization: `Bearer ${client.token}` };
  const testimony = await post("/testimonies", await example("/testimonies"), bearer);
  const endpoint = await post("/webhook-endpoints", { url: `${server.url}/sandbox/inbox`, events: ["*"] }, operator);
  return {
    ...(await makeApplication()),
    base_url: server.url,
    baseUrl: server.url,
    operator: "admin_sandbox",
    developer_token: developer.token,
    developerToken: developer.token,
    developerId: developer.id,
    app_id: app.id,
    appId: app.id,
    user_id: user.id,
    userId: user.id,
    bearer: client.token,
    testimonyId: testimony.id,
    connectedAccountId: account.account_id,
    webhookEndpointId: endpoint.id,
    orderId: "order-1001",
    transactionId: "pi_none",
    refundId: "none",
    paymentMethodId: "none",
    paymentId: "pi_none",
    offerId: "none",
    webhookDeliveryId: "none",
    stripeEventId: "evt_none",
    prefix: "none",
  };
}

/** Makes an application with two tags, and a payment between them. */
async function makeApplication(): Promise<Record<string, string>> {
  const registered = await post("/applications", { name: "Wallet", appHandle: "wallet-of-newman" }, {});
  const { clientId: client_id, clientSecret: client_secret } = registered;
  const { token } = await post("/auth/token", { client_id, client_secret }, {}, 200);
  const bearer = { Authorization: `Bearer ${token}` };
  const subject = await post("/subjects", { externalId: "newman-1" }, bearer);
  const [alice, bob] = [
    await post("/tags", { subjectId: subject.id, tagString: "alice" }, bearer),
    await post("/tags", { subjectId: subject.id, tagString: "bob" }, bearer),
  ];
  const tags = { senderTag: alice.qualifiedTag, receiverTag: bob.qualifiedTag };
  const transfer = await post("/transactions", { ...tags, amount: 1500 }, bearer);
  return {
    applicationToken: token,
    applicationId: client_id,
    subjectId: subject.id,
    tag: alice.qualifiedTag,
    reference: transfer.reference,
    date: "2026-01-01",
  };
}

interface Described {
  paths: Record<string, { post: { requestBody: { content: { "application/json": { example: object } } } } }>;
}

/** Returns the example of the description. */
async function example(path: string): Promise<object> {
  const api = (await (await fetch(`${server.url}/api/v1/openapi.json`)).json()) as Described;
  const operation = api.paths[`/api/v1${path}`];
  assert.ok(operation, `POST ${path} is described`);
  return operation.post.requestBody.content["application/json"].example;
}

async function post(path: string, body: object, headers: Record<string, string>, status = 201) {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method: "POST",
    headers: { ...headers, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.text();
  assert.equal(response.status, status, `POST ${path}: ${answer}`);
  return JSON.parse(answer).data;
}

async function runCollection(name: string, collection: Collection, values: Record<string, string>): Promise<void> {
  // An empty value would make another path: that of the list.
  const variable = collection.variable.map(({ key, value }) => ({ key, value: values[key] ?? (value || "none") }));
  const run = await new Promise<Run>((resolve, reject) =>
    newman.run({ collection: { ...collection, variable } }, (error, summary) =>
      error ? reject(error) : resolve(summary.run),
    ),
  );
  for (const { error, source } of run.failures) console.error(`${source?.name ?? ""}: ${error.message}`);
  const { requests, assertions } = run.stats;
  const codes = Object.groupBy(run.executions, ({ response }) => `${Math.floor((response?.code ?? 0) / 100)}xx`);
  const answers = Object.entries(codes).map(([code, list]) => `${list?.length} × ${code}`);
  console.log(`${name}: ${requests.total} requests (${answers.join(", ")}), ${assertions.total} assertions, all kept`);
  assert.equal(run.failures.length, 0, name);
  assert.ok(assertions.total > requests.total, `${name} asserts something of each answer`);
  assert.equal(codes["5xx"], undefined, `${name}: no fault of ours`);
}
