import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { signStandard } from "../../src/webhooks/sign";
import { journey } from "../http/checked";
import { rows } from "../operations/rows";
import { type Arrival, arrived, makeEndpoint, nowMs, sendTest, token, viewEndpoint } from "./owner";

beforeEach(() => journey.reset());
afterEach(() => {
  vi.useRealTimers();
});

type Verifier = { verify: (body: string, headers: Record<string, string>) => unknown };
const packages: [string, (secret: string) => Verifier][] = [
  ["standardwebhooks", (secret) => new StandardWebhook(secret)],
  ["svix", (secret) => new SvixWebhook(secret)],
];

/** Sends a test event, and returns it as it arrived. */
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

describe("secrets that overlap", () => {
  const hour = 60 * 60;

  /** Tells which of these secrets the newest delivery verifies with. */
  async function signers(endpoint: { id: string }, secrets: readonly string[], count: number): Promise<boolean[]> {
    const { body, headers } = await delivered("main", endpoint, count);
    const signatures = headers["webhook-signature"]?.split(" ") ?? [];
    const fits = secrets.map((secret) => {
      try {
        new StandardWebhook(secret).verify(body, headers);
        return true;
      } catch {
        return false;
      }
    });
    expect(signatures).toHaveLength(fits.filter(Boolean).length);
    return fits;
  }

  it("all sign, each until its own end, however often they are rotated", async () => {
    const endpoint = await makeEndpoint("main");
    const first = endpoint.secret;
    const startMs = await nowMs();
    const second = await rotate(endpoint, 6);
    await journey.advance(1 * hour);
    const third = await rotate(endpoint, 2);
    const all = [first, second, third];
    expect(await signers(endpoint, all, 1)).toEqual([true, true, true]);
    const until = Date.parse((await viewEndpoint(endpoint)).previousSecretUntil ?? "");
    expect(Math.round((until - startMs) / 60_000)).toBe(6 * 60);
    await journey.advance(3 * hour); // the second has ended, the first has not
    expect(await signers(endpoint, all, 2)).toEqual([true, false, true]);
    await journey.advance(3 * hour);
    expect(await signers(endpoint, all, 3)).toEqual([false, false, true]);
  });

  it("end at once, all of them, when no overlap is wanted", async () => {
    const endpoint = await makeEndpoint("main");
    const second = await rotate(endpoint, 24);
    const third = await rotate(endpoint, 0);
    expect(await signers(endpoint, [endpoint.secret, second, third], 1)).toEqual([false, false, true]);
  });

  it("are five at most: one more is refused until one ends, or all end at once", async () => {
    const endpoint = await makeEndpoint("main");
    const path = `/webhook-endpoints/${endpoint.id}/rotate-secret`;
    const all = [endpoint.secret];
    for (let made = 0; made < 4; made += 1) all.push(await rotate(endpoint, made + 1));
    const refused = await journey.must(409, "POST", path, { token, body: {} });
    expect(refused.body.code).toBe("secrets_full");
    expect(await signers(endpoint, all, 1)).toEqual([true, true, true, true, true]);
    await journey.advance(1 * hour + 1);
    all.push(await rotate(endpoint, 24));
    expect(await signers(endpoint, all, 2)).toEqual([false, true, true, true, true, true]);
    await journey.must(409, "POST", path, { token, body: {} });
    all.push(await rotate(endpoint, 0));
    expect(await signers(endpoint, all, 3)).toEqual([false, false, false, false, false, false, true]);
    const ended = await rows("select 1 from secrets where ends_at < ?", (await nowMs()) - 60_000);
    expect(ended).toEqual([]); // secrets that ended before the last rotation are deleted
  });
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
