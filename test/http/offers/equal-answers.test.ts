import { beforeEach, describe, expect, it } from "vitest";
import { type Cost, costOf } from "../../cost";
import { journey } from "../checked";
import { mailsTo } from "./mailbox";

/** The number of requests of each kind, and of those about one person: a sixth wrong login would have to wait. */
const rounds = 40;
const turns = 5;

beforeEach(() => journey.reset());

interface Seen {
  answer: unknown;
  cost: Cost;
  ms: number;
}

async function see(path: string, body: object): Promise<Seen> {
  const sentAt = performance.now();
  const answer = await journey.call("POST", `/api/v1${path}`, { body });
  const ms = performance.now() - sentAt;
  const { requestId: _, ...members } = answer.body === "" ? {} : answer.body;
  const headers = [...answer.headers].filter(([name]) => !/^((accord-)?request-id|accord-cost)$/.test(name));
  return { answer: { status: answer.status, members, headers }, cost: costOf(answer), ms };
}

function median(seen: readonly Seen[]): number {
  return seen.map(({ ms }) => ms).toSorted((a, b) => a - b)[Math.floor(seen.length / 2)] ?? Number.NaN;
}

/** Sends each request about somebody who has an account, and about nobody, in turn, and compares. */
async function compare(what: string, path: string, bodyFor: (email: string) => object, hashes: number): Promise<void> {
  const [known, unknown]: [Seen[], Seen[]] = [[], []];
  while (known.length < rounds) {
    const { email } = await journey.registerClient();
    for (let turn = 0; turn < turns; turn += 1) {
      known.push(await see(path, bodyFor(email)));
      unknown.push(await see(path, bodyFor(`not-${email}`)));
    }
  }
  const answers = new Set([...known, ...unknown].map(({ answer }) => JSON.stringify(answer)));
  expect([...answers]).toHaveLength(1);
  // A row that is not there is not read; everything that takes time is the same.
  const work = new Set([...known, ...unknown].map(({ cost: { rowsRead: _, ...cost } }) => JSON.stringify(cost)));
  expect([...work]).toHaveLength(1);
  expect(known[0]?.cost.passwordHashes).toBe(hashes);
  const [ofKnown, ofUnknown] = [known, unknown].map((seen) => `${median(seen).toFixed(1)} ms`);
  console.info(`${what}, medians of ${rounds}: ${ofKnown} if the e-mail is known, ${ofUnknown} if it is not`);
}

describe("who has an account is not told by the answer, nor by the work behind it:", () => {
  it("a wrong login", () => compare("login", "/auth/login", (email) => ({ email, password: "wrong-horse-9" }), 1));

  it("a request for a link that resets the password", () =>
    compare("request to reset", "/auth/password/email", (email) => ({ email }), 0));

  it("a request for a link that verifies the e-mail", () =>
    compare("request to verify", "/auth/email/verify/resend", (email) => ({ email }), 0));

  it("a reset with a wrong link", () =>
    compare(
      "wrong reset",
      "/auth/password/reset",
      (email) => ({
        email,
        token: "0".repeat(64),
        password: "battery-7-staple",
        passwordConfirmation: "battery-7-staple",
      }),
      0,
    ));

  it("mails go to those only who have one", async () => {
    const { email } = await journey.registerClient();
    for (const one of [email, `not-${email}`]) {
      await journey.must(202, "POST", "/auth/password/email", { body: { email: one } });
    }
    expect((await mailsTo(journey, email)).length).toBe(2);
    expect(await mailsTo(journey, `not-${email}`)).toEqual([]);
  });
});
