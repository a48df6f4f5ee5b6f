import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { createApp } from "../../../src/app";
import { journey } from "../checked";
import { walk } from "./world";

it("answers 409 while a request under the same key is still running", async () => {
  const [sender, receiver] = [await walk.tenant(), await walk.tenant()];
  const idempotencyKey = crypto.randomUUID();
  expect((await walk.initiate(sender, receiver, { idempotencyKey })).status).toBe(201);
  // This is the state that a release leaves which reserves a key before it works.
  await env.DB.prepare("UPDATE idempotency_keys SET done_by = NULL, result = NULL WHERE key = ?")
    .bind(idempotencyKey)
    .run();
  const { status, body, headers } = await walk.initiate(sender, receiver, { idempotencyKey });
  expect([status, body.errorCode, headers.get("Retry-After")]).toEqual([409, "IDEMPOTENCY_IN_PROGRESS", "1"]);
});

it("answers 500 with nothing of what is broken", async () => {
  const tenant = await walk.tenant();
  const broken = { prepare: () => ({ bind: () => ({}) }), batch: async () => Promise.reject(new Error("D1 is down")) };
  const request = new Request("http://localhost/api/v1/wallet", {
    headers: { Authorization: `Bearer ${tenant.token}` },
  });
  const answer = await createApp().fetch(request, { ...env, DB: broken });
  expect(answer.status).toBe(500);
  expect(await answer.json()).toEqual({
    success: false,
    message: "An unexpected error occurred",
    errorCode: "INTERNAL_ERROR",
    timestamp: expect.any(String),
    requestId: answer.headers.get("Request-Id"),
  });
});

it("is timed by the clock that everything else is timed by", async () => {
  await journey.advance(3 * 24 * 60 * 60);
  const aheadMs = (timestamp: string) => Date.parse(timestamp) - Date.now();
  const refused = await walk.ask(undefined, "GET", "/wallet");
  const registered = await walk.ask(undefined, "GET", "/keys/idaas");
  for (const { body } of [refused, registered])
    expect(aheadMs(body.timestamp)).toBeGreaterThan(2 * 24 * 60 * 60 * 1000);
});

it("describes each operation with its statuses, its token, and the ways in which a body may come", async () => {
  const { body } = await journey.call("GET", "/api/v1/openapi/transfers.json");
  const initiate = body.paths["/api/v1/transactions"].post;
  expect(initiate.operationId).toBe("initiate-transfer");
  expect(initiate.security).toEqual([{ applicationToken: [] }]);
  expect(body.components.securitySchemes.applicationToken).toMatchObject({
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
  });
  expect(initiate.parameters.map(({ name }: { name: string }) => name)).toEqual([
    "Idempotency-Key",
    "Content-Encryption",
  ]);
  expect(Object.keys(initiate.requestBody.content)).toEqual(["application/json", "application/jose"]);
  expect(Object.keys(initiate.responses)).toEqual(
    expect.arrayContaining(["201", "400", "401", "403", "404", "409", "422", "429"]),
  );
  expect(initiate.requestBody.content["application/json"].schema.$ref).toBe(
    "#/components/schemas/InitiateTransferBody",
  );
  const { required } = body.components.schemas.InitiateTransferBody;
  expect(required).toEqual(["senderTag", "receiverTag", "amount"]);
  const token = body.paths["/api/v1/auth/token"].post;
  expect(Object.keys(token.requestBody.content)).toEqual([
    "application/json",
    "application/x-www-form-urlencoded",
    "application/jose",
  ]);
  expect(token.security).toEqual([]);
});

it("describes no status that an operation does not have, and asks for no body that may be left out", async () => {
  const { paths } = (await journey.call("GET", "/api/v1/openapi/transfers.json")).body;
  const withStatus = (status: string) =>
    Object.values(paths as Record<string, Record<string, { operationId: string; responses: object }>>)
      .flatMap((methods) => Object.values(methods))
      .filter(({ responses }) => status in responses)
      .map(({ operationId }) => operationId);
  expect(withStatus("422").toSorted()).toEqual([
    "accept-transfer",
    "cancel-transfer",
    "initiate-transfer",
    "provision-wallet",
    "reject-transfer",
    "retry-transfer-webhook",
  ]);
  const requires = (path: string) => paths[`/api/v1${path}`].post.requestBody.required;
  expect(["/transactions", "/transactions/{reference}/reject", "/wallet"].map(requires)).toEqual([true, false, false]);
});
