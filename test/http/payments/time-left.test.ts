import { expect, it } from "vitest";
import { timeLeft } from "../../../src/http/payments/onboarding";

const minute = 60_000;

it.each([
  [5 * minute, "5 minutes"],
  [5 * minute - 900, "5 minutes"],
  [2 * minute, "2 minutes"],
  [2 * minute - 1, "120 seconds"],
  [90_000, "90 seconds"],
  [1_000, "1 second"],
  [400, "0 seconds"],
  [-5_000, "0 seconds"],
  [119 * minute, "119 minutes"],
  [120 * minute, "2 hours"],
  [18 * 60 * minute, "18 hours"],
])("%d ms are %s", (leftMs, text) => {
  expect(timeLeft(1_000_000 + leftMs, 1_000_000)).toBe(text);
});
