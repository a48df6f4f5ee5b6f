import { exports } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { Journey } from "../../journey";
import { judge } from "./judge";
import { type People, register } from "./people";
import { quickly } from "./quickly";
import { calls, type Walk, walk } from "./walk";

/** A kind of fault, and how many answers a client sees fail before the one that succeeds: at a POST, and at a GET. */
export interface Broken {
  kind: string;
  failed: { post: number; get: number };
}

/** Breaks every call `times` in a row, one walk a kind, and judges what became of it. */
export function onEveryCall(kinds: readonly Broken[], times: number): void {
  const journey = new Journey((request) => exports.default.fetch(request));
  let people: People;

  beforeAll(async () => {
    quickly();
    people = await register(journey);
  });

  describe.each(kinds)(`$kind, ${times} in a row, on every call`, ({ kind, failed }) => {
    let walked: Walk;
    beforeAll(async () => {
      const faults = Object.values(calls).map((match) => ({ match, kind, times }));
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
}
