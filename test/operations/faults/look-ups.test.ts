import { exports } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { Journey } from "../../journey";
import { judge } from "./judge";
import { type People, register } from "./people";
import { quickly } from "./quickly";
import { calls, lookUps, type Walk, walk } from "./walk";

const journey = new Journey((request) => exports.default.fetch(request));
let people: People;

beforeAll(async () => {
  quickly();
  people = await register(journey);
});

/** A look-up is a GET: stored or not, done or not, makes no difference to it. Three times outlast the SDK's own repeat. */
describe.each(["timeout_before", "500", "429", "reset", "truncated"])(
  "%s on every look-up after a lost answer",
  (kind) => {
    let walked: Walk;
    beforeAll(async () => {
      const lost = Object.values(calls).filter((match) => match.startsWith("POST"));
      const read = [...Object.values(lookUps), calls.retrieveSession, calls.retrieveAccount];
      walked = await walk(journey, people, [
        ...lost.map((match) => ({ match, kind: "500_after", times: 1 })),
        ...read.map((match) => ({ match, kind, times: 3 })),
      ]);
    }, 60_000);

    it.each(Object.values(lookUps))("%s met the fault", (match) => {
      expect(walked.fired.get(match) ?? 0).toBeGreaterThanOrEqual(1);
    });

    judge(
      journey,
      () => people,
      () => walked,
    );
  },
);
