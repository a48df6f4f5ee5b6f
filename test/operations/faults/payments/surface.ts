import { expect } from "vitest";
import type { Surface } from "../every-call";
import { judge } from "./judge";
import { calls, lookUps, type Walk, walk } from "./walk";

/** The payments contract: orders and their payments, accounts and methods. */
export const payments: Surface<Walk> = {
  calls,
  lookUps,
  prepare: async (journey) => (faults) => walk(journey, faults),
  expectAnswers({ asked, repeated }, failed) {
    const statuses = (answers: readonly { status: number }[]) => answers.map(({ status }) => status);
    expect(statuses(repeated.create)).toEqual([...Array(failed.post).fill(503), failed.post > 0 ? 200 : 201]);
    for (const { answer } of Object.values(asked)) expect(answer.status).toBe(failed.post > 0 ? 503 : 200);
  },
  judge,
};
