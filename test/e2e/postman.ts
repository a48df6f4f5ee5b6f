/**
 * Runs two Postman collections by newman against `npm start`, which serves the Worker as it is deployed: the requests
 * that the payments contract documents, and the whole API as it describes itself at `/api/v1/postman.json`, where every
 * answer must be a documented one. The second one gets the environment of `/api/v1/postman-environment.json`, of which only the server's address is changed:
 * it fills in all else by itself.
 */
import assert from "node:assert/strict";
import type { Run } from "newman";
import documented from "./postman/documented-requests.json" with { type: "json" };
import { runCollection, runWholeApi, type Variables } from "./postman/run.ts";
import { startServer } from "./server.ts";

/** The requests of the whole API that are refused, with what a request cannot bring about. */
const refusals = {
  "POST /api/v1/webhooks 400": "Stripe's signature",
  "GET /api/v1/disputes/:id 404": "a shopper who disputes the payment at her bank",
  "POST /api/v1/webhooks/:id/retry 422": "a receiver that has failed",
  "POST /api/v1/admin/attention/close 404": "something that waits for a person",
  "POST /api/v1/admin/testimonies/:id/resolve-attention 409": "the same of a testimony",
  "POST /api/v1/admin/testimonies/:id/release-payout 409": "a payout that is held",
  "POST /api/v1/admin/testimonies/:id/retry-payout 409": "a payout that Stripe has refused",
  "POST /api/v1/admin/stripe-calls/:aggregate/:id/settle 404": "a call that Stripe has never answered",
  "POST /api/v1/admin/stripe-calls/:aggregate/:id/retry 404": "the same",
  "POST /api/v1/admin/transfer-webhooks/:id/retry 404": "a receiver that has failed",
  "POST /api/v1/admin/webhook-deliveries/:id/resend 409": "a delivery whose payload is not erased",
  "POST /api/v1/admin/stripe-events/:id/replay 404": "an event that was given up",
  "POST /api/v1/admin/stripe-events/:id/close 404": "the same",
  "GET /api/v1/admin/stripe-events/:id 404": "the same",
  "POST /api/v1/auth/password/reset 400": "the link of a mail",
  "GET /api/v1/auth/email/verify/:userId/:hash 422": "the same",
};

const server = await startServer({ command: ["npm", "start", "--", "--minified"] });
const runs = [
  await runCollection("the documented requests", documented, await makeWorld()),
  await runWholeApi(server.url),
];
for (const { executions, stats } of runs) {
  assert.ok(stats.assertions.total > executions.length, "something is asserted of each answer");
  assert.ok(
    executions.every(({ response }) => (response?.code ?? 500) < 500),
    "no fault of ours",
  );
}
const refused = (runs[1]?.executions ?? []).filter(({ response }) => (response?.code ?? 0) >= 300).map(printRefused);
assert.deepEqual(refused.toSorted(), Object.keys(refusals).toSorted(), "all else succeeds");
await server.remove();

function printRefused({ item, response }: Run["executions"][number]): string {
  console.log(`  refused: ${item.name}: ${response?.text().slice(0, 200)}`);
  return `${item.request.method} ${item.request.url.getPath({ unresolved: true })} ${response?.code}`;
}

/** Makes a developer with an app and a shopper, and returns what the documented requests show of them. */
async function makeWorld(): Promise<Variables> {
  const operator = { Authorization: "Bearer admin_sandbox" };
  const developer = await post("/admin/developers", { name: "Corner Shop", email: "shop@example.com" }, operator);
  const token = { "X-Developer-Token": developer.token };
  const app = await post("/apps", { name: "Web" }, token);
  const user = await post("/users", { app_id: app.id }, token);
  const world = { base_url: server.url, developer_token: developer.token, app_id: app.id, user_id: user.id };
  return { values: Object.entries(world).map(([key, value]) => ({ key, value })) };
}

async function post(path: string, body: object, headers: Record<string, string>) {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method: "POST",
    headers: { ...headers, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.text();
  assert.equal(response.status, 201, `POST ${path}: ${answer}`);
  return JSON.parse(answer).data;
}
