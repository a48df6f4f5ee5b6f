import { expect, it } from "vitest";
import { hashToken } from "../../src/crypto/tokens";
import { bucketOf } from "../../src/domain/id";
import { newClient } from "../journey";
import { rows } from "../operations/rows";
import { Shop } from "../shop";
import { journey } from "./checked";

/** Returns the bucket that a token carries, and that of the owner who is stored beside its hash. */
async function bucketsOf(token: string, table: "access_tokens" | "developer_tokens", column: string) {
  const [row] = await rows<{ owner: string }>(
    `select ${column} as owner from ${table} where hash = ?`,
    hashToken(token),
  );
  return { carried: Number.parseInt(token.slice(-3), 16), owned: bucketOf(row?.owner ?? "") };
}

async function expectCarried(token: string, ...place: ["access_tokens" | "developer_tokens", string]): Promise<void> {
  const { carried, owned } = await bucketsOf(token, ...place);
  expect(carried).toBe(owned);
}

it("every new token carries the bucket of its owner, and older ones without it open the same", async () => {
  const client = await journey.registerClient();
  const expert = await journey.registerExpert();
  for (const { token } of [client, expert]) await expectCarried(token, "access_tokens", "user_id");

  const body = { email: client.email, password: newClient().password };
  const { token } = (await journey.must(200, "POST", "/auth/login", { body })).body.data;
  await expectCarried(token, "access_tokens", "user_id");
  const older = token.slice(0, -3);
  expect((await journey.call("GET", "/api/v1/me", { token: older })).status).toBe(200);

  const shop = await Shop.open(journey);
  await expectCarried(shop.token, "developer_tokens", "developer_id");
  const headers = { "X-Developer-Token": shop.token };
  const made = await journey.must(201, "POST", "/developer-tokens", { headers, body: {} });
  await expectCarried(made.body.data.token, "developer_tokens", "developer_id");
  const { id } = (await journey.operator("GET", "/developers?limit=1")).body.data[0];
  const rotated = (await journey.operator("POST", `/developers/${id}/tokens`, {})).body.data.token;
  await expectCarried(rotated, "developer_tokens", "developer_id");
  const olderHeaders = { "X-Developer-Token": rotated.slice(0, -3) };
  expect((await journey.call("GET", "/api/v1/apps", { headers: olderHeaders })).status).toBe(200);
});
