import { expect, it } from "vitest";
import { adminRoutes } from "../../../src/http/operator";
import { rows } from "../../operations/rows";
import { callRaw, journey } from "../checked";

const token = "read_sandbox";
const pathOf = (path: string) => `/api/v1${path.replace(/:\w+/g, crypto.randomUUID())}`;

it("a read token opens what can be read, and is told of each change that it lacks the scope", async () => {
  const before = await rows("select count(*) as n from journal");
  // A session of the console is begun and ended with any token.
  for (const { contract } of adminRoutes.filter(({ contract: { scope } }) => scope !== "any")) {
    const { operationId, method, path, bodyExample } = contract;
    const body = bodyExample === undefined ? {} : { body: JSON.stringify(bodyExample) };
    const answer = await callRaw(method.toUpperCase(), pathOf(path), { token, ...body });
    if (method === "get") expect([200, 404, 422], operationId).toContain(answer.status);
    else {
      const detail = "The token lacks the scope write.";
      expect([operationId, answer.status, answer.body]).toMatchObject([
        operationId,
        403,
        { code: "scope_missing", detail },
      ]);
    }
  }
  expect(await rows("select count(*) as n from journal")).toEqual(before);
});

it("a read token sees the operator's webhook endpoints, and changes none", async () => {
  expect((await callRaw("GET", "/api/v1/webhook-endpoints", { token })).status).toBe(200);
  const body = JSON.stringify({ url: "https://hooks.example.com/accord", events: ["*"] });
  const refused = await callRaw("POST", "/api/v1/webhook-endpoints", { token, body });
  expect([refused.status, refused.body.detail]).toEqual([403, "The token lacks the scope write."]);
});

it("who looks at a person with a read token is in the person's timeline", async () => {
  const { email } = await journey.registerClient();
  const found = await callRaw("GET", `/api/v1/admin/users?email=${email}`, { token });
  const [{ id }] = found.body.data;
  expect((await callRaw("GET", `/api/v1/admin/users/${id}`, { token })).status).toBe(200);
  const seen = await rows<{ data: string }>(
    "select data from journal where aggregate_id = ? and name = 'view-user'",
    id,
  );
  expect(seen.map(({ data }) => JSON.parse(data).operator)).toEqual(["reader"]);
});
