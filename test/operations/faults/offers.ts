import { expect } from "vitest";
import type { Surface } from "./every-call";
import { judge } from "./judge";
import { register } from "./people";
import { calls, lookUps, type Walk, walk } from "./walk";

/** The offers contract: from the offer to the payout, and back. */
export const offers: Surface<Walk> = {
  calls,
  lookUps,
  async prepare(journey) {
    const people = await register(journey);
    return (faults) => walk(journey, people, faults);
  },
  expectAnswers({ answers: { start, accept } }, failed) {
    expect(start.map(({ status }) => status)).toEqual([...Array(failed.post).fill(500), 200]);
    expect(accept.map(({ status }) => status)).toEqual([...Array(failed.get).fill(500), 204]);
  },
  judge,
};
