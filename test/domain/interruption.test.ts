import { describe, expect, it } from "vitest";
import { Interruption, isInterruption, isPassing } from "../../src/domain/interruption";

/**
 * The errors of D1's error list that Cloudflare advises to retry:
 * https://developers.cloudflare.com/d1/observability/debug-d1/
 */
const askAgain = [
  "D1 DB reset because its code was updated.",
  "Internal error while starting up D1 DB storage caused object to be reset.",
  "Network connection lost.",
  "Internal error in D1 DB storage caused object to be reset.",
  "Cannot resolve D1 DB due to transient issue on remote node.",
  "Can't read from request stream because client disconnected.",
];
const askLess = [
  "D1 DB storage operation exceeded timeout which caused object to be reset.",
  "D1 DB is overloaded. Requests queued for too long.",
  "D1 DB is overloaded. Too many requests queued.",
  "D1 DB's isolate exceeded its memory limit and was reset.",
  "D1 DB exceeded its CPU time limit and was reset.",
];
const ours = [
  "no such table: payments",
  "UNIQUE constraint failed: journal.version: SQLITE_CONSTRAINT",
  "out of paper",
];

const wrapped = (message: string) => new Error("Failed query", { cause: new Error(`D1_ERROR: ${message}`) });
const told = (facts: object) => new Interruption("cut off", { cause: Object.assign(new Error("Broken."), facts) });

it("an object that was replaced learns it from its storage", () => {
  const error = new Error("Durable Object storage is no longer accessible."); // workerd, actor-cache.h
  expect([isInterruption(error), isPassing(error)]).toEqual([true, true]);
});

describe("what the database says", () => {
  it.each(askAgain)("is over at once: %s", (message) => {
    expect([isInterruption(wrapped(message)), isPassing(wrapped(message))]).toEqual([true, true]);
  });
  it.each(askLess)("is too much, and worse when it is asked again: %s", (message) => {
    expect([isInterruption(wrapped(message)), isPassing(wrapped(message))]).toEqual([true, false]);
  });
  it.each(ours)("is a mistake of ours: %s", (message) => {
    expect([isInterruption(wrapped(message)), isPassing(wrapped(message))]).toEqual([false, false]);
  });
});

it.each([
  [{ retryable: true }, true],
  [{ retryable: true, overloaded: true }, false],
  [{ overloaded: true }, false],
  [{}, false],
])("a broken call to an object that says %o may be made again at once: %s", (facts, isOver) => {
  expect([isInterruption(told(facts)), isPassing(told(facts))]).toEqual([true, isOver]);
});
