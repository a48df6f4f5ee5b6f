import { beforeAll, describe, expect, it } from "vitest";
import type { Tenant } from "../../transfers-journey";
import { callRaw, journey } from "../checked";
import { walk } from "./world";

const boxUrl = (box: string) => `http://localhost:8787/sandbox/inbox/${box}`;
let alice: Tenant;
let bob: Tenant;

beforeAll(async () => {
  [alice, bob] = [await walk.tenant(), await walk.tenant({ webhookUrl: boxUrl("bob") })];
});

describe("what is the sender's own", () => {
  const callbackUrl = boxUrl("own");
  const metadata = '{"order":"42","lines":[{"sku":"A-1","net":12.5}],"__proto__":{"kept":true},"empty":{}}';
  const initiateNamed = (externalId: string, changes = {}, who = alice) =>
    walk.initiate(who, bob, { externalId, ...changes });

  it("is given back to it, digit for digit, and is not shown to the receiver", async () => {
    const tags = `"senderTag":"${alice.tag}","receiverTag":"${bob.tag}"`;
    const own = `"externalId":"Order 42/ä","metadata":${metadata}`;
    const body = `{${tags},"amount":1,"callbackUrl":"${callbackUrl}",${own}}`;
    const made = await callRaw("POST", "/api/v1/transactions", { token: alice.token, body });
    expect([made.status, made.text.includes(own)]).toEqual([201, true]);
    const { reference } = made.body.data;
    for (const path of [`/api/v1/transactions/${reference}`, "/api/v1/transactions/sent"]) {
      expect((await callRaw("GET", path, { token: alice.token })).text).toContain(own);
    }
    const accepted = await callRaw("POST", `/api/v1/transactions/${reference}/accept`, { token: bob.token });
    expect(accepted.status).toBe(200);
    const paths = [`/api/v1/transactions/${reference}`, "/api/v1/transactions/received"];
    const seen = await Promise.all(paths.map((path) => callRaw("GET", path, { token: bob.token })));
    for (const { text } of [accepted, ...seen]) {
      expect(text).toContain(reference);
      expect(text).not.toMatch(/externalId|metadata/);
    }
    await expect.poll(async () => (await inboxOf("own")).length).toBe(1);
    expect((await inboxOf("own"))[0]).toContain(own);
    const told = (await inboxOf("bob")).filter((text) => text.includes(reference));
    expect(told).toHaveLength(1);
    expect(told.join()).not.toMatch(/externalId|metadata/);
  });

  it("names one transaction for ever, and the refusal says which", async () => {
    const externalId = crypto.randomUUID();
    const key = { "Idempotency-Key": crypto.randomUUID() };
    const first = await walk.initiate(alice, bob, { externalId }, key);
    const { reference } = first.body.data;
    const again = await walk.initiate(alice, bob, { externalId }, key);
    expect([again.status, again.body.data.reference]).toEqual([201, reference]);
    await walk.cancel(alice, first.body.data);
    const second = await initiateNamed(externalId);
    expect([second.status, second.body.errorCode]).toEqual([409, "DUPLICATE_TRANSACTION"]);
    expect(second.body.message).toBe(`There is a transaction with this externalId already: ${reference}`);
    const other = await walk.tenant();
    expect((await initiateNamed(externalId, {}, other)).status).toBe(201); // names are each application's own
  });

  it("names one of many that are asked for at once", async () => {
    const externalId = crypto.randomUUID();
    const answers = await Promise.all(Array.from({ length: 6 }, () => initiateNamed(externalId)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409, 409, 409]);
  });

  it("finds it among what was sent", async () => {
    const externalId = crypto.randomUUID();
    const { reference } = (await initiateNamed(externalId)).body.data;
    const found = await walk.must(alice, "GET", `/transactions/sent?externalId=${externalId}`);
    expect(found.content.map((one: { reference: string }) => one.reference)).toEqual([reference]);
    expect((await walk.must(alice, "GET", "/transactions/sent?externalId=nothing")).content).toEqual([]);
    const stranger = await walk.tenant();
    expect((await walk.must(stranger, "GET", `/transactions/sent?externalId=${externalId}`)).content).toEqual([]);
    for (const list of ["received", "pending"]) {
      const refused = await walk.ask(bob, "GET", `/transactions/${list}?externalId=${externalId}`);
      expect([refused.status, refused.body.errors]).toEqual([400, ["externalId is unknown"]]);
    }
  });

  it.each([
    [{ externalId: "" }, "externalId must not be empty"],
    [{ externalId: "x".repeat(256) }, "externalId must be at most 255 characters"],
    [{ metadata: { note: "x".repeat(4_086) } }, "metadata must be at most 4096 characters of JSON"],
  ])("is refused where it is too little or too much", async (changes, error) => {
    const { status, body } = await walk.initiate(alice, bob, changes);
    expect([status, body.errorCode, body.errors]).toEqual([400, "VALIDATION_ERROR", [error]]);
  });

  it("is refused where it could not be given back", async () => {
    const body = `{"senderTag":"${alice.tag}","receiverTag":"${bob.tag}","amount":1,"metadata":{"n":9007199254740993}}`;
    const refused = await callRaw("POST", "/api/v1/transactions", { token: alice.token, body });
    expect([refused.status, refused.body.errors]).toEqual([
      400,
      ["metadata.n must be a number as JavaScript prints it, or a text"],
    ]);
    expect((await walk.initiate(alice, bob, { metadata: { note: "x".repeat(4_085) } })).status).toBe(201);
  });
});

/** Returns the bodies that an inbox of the sandbox has received. */
async function inboxOf(box: string): Promise<string[]> {
  const { received } = (await journey.control("GET", `inbox?box=${box}`)).body;
  return received.map(({ body }: { body: string }) => body);
}
