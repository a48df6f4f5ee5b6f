import { env, exports } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { createApp } from "../../src/app";
import { Journey } from "../journey";

const journey = new Journey((request) => exports.default.fetch(request));
const app = createApp();

beforeEach(() => journey.reset());

/** The address from which all Workers call other zones, by Cloudflare's documentation of its headers. */
const workers = "2a06:98c0:3600::103";
const worker = (zone: string) => ({ "CF-Connecting-IP": workers, "CF-Worker": zone });
const person = (address: string) => ({ "CF-Connecting-IP": address });

/** Makes Cloudflare's limits as in production, for one minute that does not end. */
function limits() {
  const counted: string[] = [];
  const limitOf = (most: number) => {
    const uses = new Map<string, number>();
    return {
      async limit({ key }: { key: string }) {
        counted.push(key);
        uses.set(key, (uses.get(key) ?? 0) + 1);
        return { success: (uses.get(key) ?? 0) <= most };
      },
    };
  };
  const bindings = { SHIELD: limitOf(600), SECRETS: limitOf(20), TOKEN_REQUESTS: limitOf(30) };
  const ask = async (headers: Record<string, string>, path = "/api/v1/me", body?: object) => {
    const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
    const json = { ...headers, "Content-Type": "application/json" };
    const request = new Request(`http://localhost${path}`, { ...init, headers: json });
    return (await app.fetch(request, { ...env, ...bindings })).status;
  };
  const logIn = (headers: Record<string, string>, email: string) =>
    ask(headers, "/api/v1/auth/login", { email, password: "wrong-horse-9" });
  /** Asks for a link that resets a password, which is counted by address, by network and by account. */
  const askReset = (headers: Record<string, string>, email: string) =>
    ask(headers, "/api/v1/auth/password/email", { email });
  return { counted, ask, askReset, logIn };
}

/** Repeats work, and returns the last result. */
async function times(count: number, work: (turn: number) => Promise<number>): Promise<number> {
  let last = 0;
  for (let turn = 0; turn < count; turn += 1) last = await work(turn);
  return last;
}

const guess = (turn: number) => ({ Authorization: `Bearer guess-${turn}` });
const someAddress = (turn: number) => person(`192.0.2.${turn}`);

describe("Workers, which all call from one address,", () => {
  it("do not use up each other's share", async () => {
    const { ask } = limits();
    expect(await times(21, () => ask({ ...worker("noisy.example"), ...guess(0) }))).toBe(429);
    expect(await ask({ ...worker("quiet.example"), ...guess(0) })).toBe(401);
  });

  it("are counted by what they present, so that one person never stops another of the same front end", async () => {
    const { ask } = limits();
    const front = worker("front.example");
    expect(await times(21, () => ask({ ...front, ...guess(0) }))).toBe(429);
    expect(await ask({ ...front, ...guess(1) })).toBe(401);
    expect(await times(601, () => ask({ ...front, ...guess(2) }))).toBe(429);
    expect(await ask(front)).toBe(401);
  });

  it("have a limit as a whole all the same, where each presents something else", async () => {
    const { ask } = limits();
    expect(await times(600, (turn) => ask({ ...worker("front.example"), ...guess(turn) }))).toBe(401);
    expect(await ask({ ...worker("front.example"), ...guess(600) })).toBe(429);
  });

  it("are counted by account where people ask for a reset, and by the spelling that it is known by", async () => {
    const { askReset } = limits();
    const front = worker("front.example");
    expect(await times(20, () => askReset(front, "jana@example.com"))).toBe(202);
    expect(await askReset(front, "JANA@example.com")).toBe(429);
    expect(await askReset(front, "petra@example.com")).toBe(202);
  });

  it("hand on no credential and no name", async () => {
    const { ask, logIn, counted } = limits();
    await ask({ ...worker("front.example"), Authorization: "Bearer a-secret" });
    await ask({ ...worker("front.example"), "X-Developer-Token": "a-secret" });
    await logIn(worker("front.example"), "jana@example.com");
    expect(counted.length).toBeGreaterThan(5);
    expect(counted.filter((key) => /a-secret|jana/.test(key))).toEqual([]);
  });
});

describe("a person's address", () => {
  it("has one share, whatever it presents", async () => {
    const { ask } = limits();
    expect(await times(21, (turn) => ask({ ...person("192.0.2.7"), ...guess(turn) }))).toBe(429);
    expect(await ask({ ...person("192.0.2.8"), ...guess(0) })).toBe(401);
  });

  it("is nothing that a header of a Worker's could change", async () => {
    const { ask } = limits();
    const pretend = (turn: number) => ({ ...person("192.0.2.7"), "CF-Worker": `zone-${turn}.example`, ...guess(turn) });
    expect(await times(21, (turn) => ask(pretend(turn)))).toBe(429);
  });
});

it("an account is counted by its name too, from however many addresses somebody asks for a reset", async () => {
  const { askReset } = limits();
  expect(await times(20, (turn) => askReset(someAddress(turn), "jana@example.com"))).toBe(202);
  expect(await askReset(someAddress(20), "jana@example.com")).toBe(429);
  expect(await askReset(someAddress(20), "petra@example.com")).toBe(202);
});

describe("what could be guessed", () => {
  const registration = {
    password: "correct-horse-9",
    passwordConfirmation: "correct-horse-9",
    termsAgreed: true,
    newsletterSubscribed: false,
  };
  const reset = { email: "jana@example.com", password: "correct-horse-9", passwordConfirmation: "correct-horse-9" };
  const developer = (turn: number) => ({ "X-Developer-Token": `guess-${turn}` });
  type Ask = ReturnType<typeof limits>["ask"];

  /** Everything that tries a secret or tells who has an account, each time another one. */
  const kinds: Record<string, (ask: Ask, who: Record<string, string>, turn: number) => Promise<number>> = {
    "a user's token": (ask, who, turn) => ask({ ...who, ...guess(turn) }),
    "a developer's token": (ask, who, turn) => ask({ ...who, ...developer(turn) }, "/api/v1/apps"),
    "an operator's token": (ask, who, turn) => ask({ ...who, ...guess(turn) }, "/api/v1/admin/ledger"),
    "an application's token": (ask, who, turn) => ask({ ...who, ...guess(turn) }, "/api/v1/wallets"),
    "a login": (ask, who, turn) =>
      ask(who, "/api/v1/auth/login", {
        email: `${turn}-${crypto.randomUUID()}@example.com`,
        password: "wrong-horse-9",
      }),
    "a taken e-mail": (ask, who) =>
      ask(who, "/api/v1/auth/register/client", { ...registration, email: "taken@example.com" }),
    "a link that resets": (ask, who, turn) =>
      ask(who, "/api/v1/auth/password/reset", { ...reset, token: `guess-${turn}` }),
    "a link that verifies": (ask, who, turn) =>
      ask(who, `/api/v1/auth/email/verify/u/h?expires=1&signature=guess-${turn}`),
    "a request to reset": (ask, who, turn) => ask(who, "/api/v1/auth/password/email", { email: `${turn}@example.com` }),
    "a request to verify": (ask, who, turn) =>
      ask(who, "/api/v1/auth/email/verify/resend", { email: `${turn}@example.com` }),
  };

  it("is counted apart by kind: whoever has used up one may still do the others", async () => {
    const { ask } = limits();
    const who = person("192.0.2.7");
    for (const [kind, attempt] of Object.entries(kinds)) {
      expect(await times(20, (turn) => attempt(ask, who, turn)), kind).not.toBe(429);
      expect(await attempt(ask, who, 20), kind).toBe(429);
    }
  });

  it("is counted by network too, from however many addresses of it", async () => {
    const { ask } = limits();
    const address = (turn: number) => person(`2001:db8:7:${turn.toString(16)}::1`);
    const attempt = kinds["a request to reset"]!;
    expect(await times(600, (turn) => attempt(ask, address(turn), turn))).toBe(202);
    expect(await attempt(ask, address(601), 601)).toBe(429);
    expect(await attempt(ask, person("2001:db8:8::1"), 602)).toBe(202);
  });
});

it("applications are registered so many an hour by each zone of Workers", async () => {
  const register = async (headers: Record<string, string>) => {
    const body = { name: "App", appHandle: `app-${crypto.randomUUID().slice(0, 8)}` };
    const init = {
      method: "POST",
      headers: { ...headers, "Content-Type": "application/json" },
      body: JSON.stringify(body),
    };
    const request = new Request("http://localhost/api/v1/applications", init);
    const { status, headers: shown } = await app.fetch(request, { ...env, REGISTRATIONS_PER_HOUR: "1" });
    expect(shown.get("RateLimit-Policy")).toBe('"register";q=1;w=3600');
    expect(shown.get("RateLimit")).toMatch(/^"register";r=0;t=(3600|3599)$/);
    expect(shown.get("Retry-After")).toBe(status === 429 ? shown.get("RateLimit")?.split("t=")[1] : null);
    return status;
  };
  const zones = [`${crypto.randomUUID()}.example`, `${crypto.randomUUID()}.example`] as const;
  expect(await register(worker(zones[0]))).toBe(201);
  expect(await register({ ...worker(zones[0]), ...guess(1) })).toBe(429);
  expect(await register(worker(zones[1]))).toBe(201);
});
