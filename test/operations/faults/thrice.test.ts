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

/** As in once.test.ts; three times in a row outlast the SDK's own repeat, so that ours must do. */
const kinds = [
  { kind: "timeout_before", failed: { post: 1, get: 1 } },
  { kind: "500", failed: { post: 1, get: 1 } },
  { kind: "500_stored", failed: { post: 2, get: 1 } },
  { kind: "429", failed: { post: 3, get: 3 } },
  { kind: "reset", failed: { post: 1, get: 1 } },
  { kind: "timeout_after", failed: { post: 1, get: 1 } },
  { kind: "500_after", failed: { post: 1, get: 1 } },
  { kind: "truncated", failed: { post: 3, get: 3 } },
];

describe.each(kinds)("$kind, three times, on every call", ({ kind, failed }) => {
  let walked: Walk;
  beforeAll(async () => {
    const faults = Object.values(calls).map((match) => ({ match, kind, times: 3 }));
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
