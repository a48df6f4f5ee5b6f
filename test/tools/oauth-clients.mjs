/**
 * Gets tokens from a sandbox of its own as two OAuth 2 clients of others do it, by each of their ways to say who they
 * are, and calls the API with them.
 */
// @ts-nocheck: what it imports is not installed where types are checked.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";
import { startServer } from "../e2e/server.ts";
import { tools } from "./install.ts";

const installed = createRequire(join(tools, "package.json"));
const oauth = await import(installed.resolve("oauth4webapi"));
const simple = installed("simple-oauth2");

const server = await startServer();
const tokenEndpoint = `${server.url}/api/v1/auth/token`;
const { clientId, clientSecret } = await register();
const withoutTls = { [oauth.allowInsecureRequests]: true };

for (const [way, authentication] of [
  ["Basic", oauth.ClientSecretBasic],
  ["the body", oauth.ClientSecretPost],
]) {
  const authorizationServer = { issuer: server.url, token_endpoint: tokenEndpoint };
  const client = { client_id: clientId };
  const ask = async (secret) => {
    const sent = await oauth.clientCredentialsGrantRequest(
      authorizationServer,
      client,
      authentication(secret),
      new URLSearchParams(),
      withoutTls,
    );
    return oauth.processClientCredentialsResponse(authorizationServer, client, sent);
  };
  const issued = await ask(clientSecret);
  assert.deepEqual([issued.token_type, issued.expires_in], ["bearer", 3600]);
  await isGood(issued.access_token);
  await assert.rejects(ask("wrong"), (error) => {
    const challenged = error instanceof oauth.WWWAuthenticateChallengeError && error.cause[0]?.scheme === "basic";
    const refused = error instanceof oauth.ResponseBodyError && error.error === "invalid_client";
    return error.status === 401 && (challenged || refused);
  });
  console.log(`ok    oauth4webapi, by ${way}`);
}

for (const authorizationMethod of ["header", "body"]) {
  for (const bodyFormat of ["form", "json"]) {
    const client = (secret) =>
      new simple.ClientCredentials({
        client: { id: clientId, secret },
        auth: { tokenHost: server.url, tokenPath: "/api/v1/auth/token" },
        options: { authorizationMethod, bodyFormat },
      });
    const issued = await client(clientSecret).getToken({});
    assert.equal(issued.expired(), false);
    await isGood(issued.token.access_token);
    await assert.rejects(client("wrong").getToken({}), ({ data, output }) => {
      assert.equal(output.statusCode, 401);
      assert.equal(data.payload.error, "invalid_client");
      return true;
    });
    console.log(`ok    simple-oauth2, by ${authorizationMethod}, as ${bodyFormat}`);
  }
}

await server.remove();

async function register() {
  const answer = await fetch(`${server.url}/api/v1/applications`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ name: "Wallet", appHandle: `wallet-${Date.now().toString(36)}` }),
  });
  assert.equal(answer.status, 201);
  return (await answer.json()).data;
}

async function isGood(token) {
  const answer = await fetch(`${server.url}/api/v1/applications/me`, { headers: { Authorization: `Bearer ${token}` } });
  assert.equal(answer.status, 200);
  assert.equal((await answer.json()).data.id, clientId);
}
