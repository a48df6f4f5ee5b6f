import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { signStandard } from "../../src/webhooks/sign";
import { journey } from "../http/checked";
import { type Arrival, arrived, makeEndpoint, sendTest, token } from "./owner";

beforeEach(() => journey.reset());
afterEach(() => {
  vi.useRealTimers();
});

type Verifier = { verify: (body: string, headers: Record<string, string>) => unknown };
const packages: [string, (secret: string) => Verifier][] = [
  ["standardwebhooks", (secret) => new StandardWebhook(secret)],
  ["svix", (secret) => new SvixWebhook(secret)],
];

/** A delivery as it arrived. */
async function delivered(box: string, endpoint: { id: string }, count = 1): Promise<Arrival> {
  await sendTest(endpoint);
  const list = await arrived(box, count);
  return list.at(-1) as Arrival;
}

async function rotate({ id }: { id: string }, overlapHours: number): Promise<string> {
  const path = `/webhook-endpoints/${id}/rotate-secret`;
  return (await journey.must(200, "POST", path, { token, body: { overlapHours } })).body.data.secret;
}

describe.each(packages)("%s", (_, verifier) => {
  it("verifies a real delivery, and refuses a changed byte, an old or future timestamp, another id, a wrong secret", async () => {
    const endpoint = await makeEndpoint("main");
    const { body, headers } = await delivered("main", endpoint);
    const verify: Verifier["verify"] = (...message) => verifier(endpoint.secret).verify(...message);
    expect(() => verify(body, headers)).not.toThrow();
    expect(JSON.parse(body)).toMatchObject({ type: "webhook_endpoint.test", sequence: 1 });
    expect(headers["content-type"]).toBe("application/json");
    expect(JSON.parse(body).id).toBe(headers["webhook-id"]);

    expect(() => verify(body.replace("test", "tesd"), headers)).toThrow();
    expect(() => verify(`${body} `, headers)).toThrow();
    expect(() => verify(body, { ...headers, "webhook-id": crypto.randomUUID() })).toThrow();
    const later = String(Number(headers["webhook-timestamp"]) + 1);
    expect(() => verify(body, { ...headers, "webhook-timestamp": later })).toThrow();
    const another = await makeEndpoint("another");
    expect(() => verifier(another.secret).verify(body, headers)).toThrow();

    for (const minutes of [6, -6]) {
      vi.useFakeTimers({ now: Date.now() + minutes * 60_000, toFake: ["Date"] });
      expect(() => verify(body, headers)).toThrow();
      vi.useRealTimers();
    }
    expect(() => verify(body, headers)).not.toThrow();
  });

  it("verifies with both secrets while they overlap, and with the new one alone afterwards", async () => {
    const endpoint = await makeEndpoint("main");
    const secret = await rotate(endpoint, 2);
    expect(secret).not.toBe(endpoint.secret);
    const during = await delivered("main", endpoint);
    expect(during.headers["webhook-signature"]?.split(" ")).toHaveLength(2);
    for (const one of [secret, endpoint.secret]) {
      expect(() => verifier(one).verify(during.body, during.headers)).not.toThrow();
    }
    await journey.advance(2 * 60 * 60 + 1);
    const after = await delivered("main", endpoint, 2);
    expect(after.headers["webhook-signature"]?.split(" ")).toHaveLength(1);
    expect(() => verifier(secret).verify(after.body, after.headers)).not.toThrow();
    expect(() => verifier(endpoint.secret).verify(after.body, after.headers)).toThrow();
  });
});

it("ends the old secret at once when no overlap is wanted", async () => {
  const endpoint = await makeEndpoint("main");
  await rotate(endpoint, 0);
  const { headers } = await delivered("main", endpoint);
  expect(headers["webhook-signature"]?.split(" ")).toHaveLength(1);
});

it("signs with the bytes after the prefix, as the published example has it", async () => {
  // The example of the Standard Webhooks specification and its libraries.
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const message = { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestampSeconds: 1_614_265_330, body: '{"test": 2432232314}' };
  const headers = await signStandard(message, [secret]);
  expect(headers["Webhook-Signature"]).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
});

it("shows in the sandbox's inbox what the packages say", async () => {
  const endpoint = await makeEndpoint("main");
  await sendTest(endpoint);
  await journey.call("POST", "/sandbox/inbox/main", { body: { hello: "world" } });
  const verdicts = async () => (await arrived("main", 2)).map(({ verdict }) => verdict);
  expect(await verdicts()).toEqual(["no_secret", "unsigned"]);
  await journey.control("POST", "inbox", { box: "main", secrets: ["whsec_AAAA"] });
  expect(await verdicts()).toEqual(["wrong", "unsigned"]);
  await journey.control("POST", "inbox", { box: "main", secrets: ["whsec_AAAA", endpoint.secret] });
  expect(await verdicts()).toEqual(["verified", "unsigned"]);
});
