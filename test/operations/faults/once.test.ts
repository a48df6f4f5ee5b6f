import { exports } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { Journey } from "../../journey";
import { judge } from "./judge";
import { type People, register } from "./people";
import { quickly } from "./quickly";
import { calls, type Walk, walk } from "./walk";

const journey = new Journey((request) => exports.default.fetch(request));
let people: People;

beforeAll(async () => {
  quickly();
  people = await register(journey);
});

/**
 * How many answers a client sees fail before the one that succeeds, where the fault hits a POST and where it hits a GET.
 * The SDK repeats once under the same key, but neither a 429 nor an answer that was cut short; and a stored 500 comes back
 * under its key until Stripe was asked what exists.
 */
const kinds = [
  { kind: "timeout_before", failed: { post: 0, get: 0 } },
  { kind: "500", failed: { post: 0, get: 0 } },
  { kind: "500_stored", failed: { post: 1, get: 0 } },
  { kind: "429", failed: { post: 1, get: 1 } },
  { kind: "reset", failed: { post: 0, get: 0 } },
  { kind: "timeout_after", failed: { post: 0, get: 0 } },
  { kind: "500_after", failed: { post: 1, get: 0 } },
  { kind: "truncated", failed: { post: 1, get: 1 } },
];

describe.each(kinds)("$kind, once, on every call", ({ kind, failed }) => {
  let walked: Walk;
  beforeAll(async () => {
    const faults = Object.values(calls).map((match) => ({ match, kind, times: 1 }));
    walked = await walk(journey, people, faults);
  }, 60_000);

  it.each(Object.values(calls))("%s met the fault", (match) => {
    expect(walked.fired.get(match) ?? 0).toBeGreaterThanOrEqual(1);
  });

  it("the clients got as many errors as expected, and then success", () => {
    const { start, accept } = walked.answers;
    expect(start.map(({ status }) => status)).toEqual([...Array(failed.post).fill(500), 200]);
    expect(accept.map(({ status }) => status)).toEqual([...Array(failed.get).fill(500), 204]);
  });

  judge(
    journey,
    () => people,
    () => walked,
  );
});
