import { exports } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { Journey } from "../../journey";
import { type Broken, lookUpKinds } from "./kinds";
import type { PlannedFault, Walked } from "./planned";
import { quickly } from "./quickly";

/** A part of the API with all its Stripe calls, under the names of the sandbox's faults. */
export interface Surface<W extends Walked> {
  calls: Readonly<Record<string, string>>;
  /** The requests that look up whether a call with an unknown outcome was made. */
  lookUps: Readonly<Record<string, string>>;
  /** Makes what all walks share, and returns a function that walks through all calls with these faults planned. */
  prepare: (journey: Journey) => Promise<(faults: readonly PlannedFault[]) => Promise<W>>;
  /** Expects what clients saw: so many failures, and then success. */
  expectAnswers: (walked: W, failed: Broken["failed"]) => void;
  /** Defines the tests of what must be true after every walk, whatever failed. */
  judge: (journey: Journey, walked: () => W) => void;
}

const journey = new Journey((request) => exports.default.fetch(request));

/** Makes every call fail `times` in a row, one walk a kind, and checks the outcome. */
export function onEveryCall<W extends Walked>(surface: Surface<W>, kinds: readonly Broken[], times: number): void {
  const walk = prepared(surface);
  const calls = Object.values(surface.calls);

  describe.each(kinds)(`$kind, ${times} in a row, on every call`, ({ kind, failed }) => {
    const walked = walkedWith(
      walk,
      calls.map((match) => ({ match, kind, times })),
    );
    metTheFault(calls, walked);
    it("the clients got as many errors as expected, and then success", () => surface.expectAnswers(walked(), failed));
    surface.judge(journey, walked);
  });
}

/** Loses the answer of every call once, and makes every look-up that follows fail three times. */
export function onEveryLookUp<W extends Walked>(surface: Surface<W>): void {
  const walk = prepared(surface);
  const lookUps = Object.values(surface.lookUps);
  const lost = Object.values(surface.calls).filter((match) => !match.startsWith("GET"));
  const read = [...lookUps, ...Object.values(surface.calls).filter((match) => match.startsWith("GET"))];

  describe.each(lookUpKinds)("%s on every look-up after a lost answer", (kind) => {
    const walked = walkedWith(walk, [
      ...lost.map((match) => ({ match, kind: "500_after", times: 1 })),
      ...read.map((match) => ({ match, kind, times: 3 })),
    ]);
    metTheFault(lookUps, walked);
    surface.judge(journey, walked);
  });
}

type Walk<W> = (faults: readonly PlannedFault[]) => Promise<W>;

function prepared<W extends Walked>(surface: Surface<W>): Walk<W> {
  let walk: Walk<W>;
  beforeAll(async () => {
    quickly();
    walk = await surface.prepare(journey);
  });
  return (faults) => walk(faults);
}

function walkedWith<W extends Walked>(walk: Walk<W>, faults: readonly PlannedFault[]): () => W {
  let walked: W;
  beforeAll(async () => {
    walked = await walk(faults);
  }, 120_000);
  return () => walked;
}

function metTheFault(matches: readonly string[], walked: () => Walked): void {
  it.each(matches)("%s met the fault", (match) => {
    expect(walked().fired.get(match) ?? 0).toBeGreaterThanOrEqual(1);
  });
}
