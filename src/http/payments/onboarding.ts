import * as z from "zod";
import { madeOnce } from "../../domain/made-once";
import { hourMs } from "../../domain/time";
import type { Output } from "../../operations/operations";
import { forDescription } from "../described";
import type { Edge } from "../edge";
import { text } from "./fields";

const url = madeOnce(() => text(2_048).optional());

/** The addresses to which the holder returns, and to which an expired page leads. */
export const returnUrlFields = madeOnce(() => ({
  return_url: url().meta(
    forDescription(() => ({ description: "https. Where the holder comes back to; ours unless given." })),
  ),
  refresh_url: url().meta(
    forDescription(() => ({
      description: "https. Where a page leads that was used or has run out; it should ask for another one.",
    })),
  ),
}));

interface GivenUrls {
  return_url?: string | undefined;
  refresh_url?: string | undefined;
}

/** Returns both addresses, as given or as configured. */
export function returnUrlsOf({ deps }: Edge, { return_url, refresh_url }: GivenUrls) {
  const { frontendUrl } = deps.settings;
  return {
    returnUrl: return_url ?? `${frontendUrl}/connected-account/return`,
    refreshUrl: refresh_url ?? `${frontendUrl}/connected-account/refresh`,
  };
}

/** The links beside `self`. */
export const onboardingLinks = forDescription(() => ({
  onboarding_url: z
    .string()
    .nullable()
    .meta({ description: "For one use, for a few minutes. Open it, do not keep it." }),
}));

export const expiresAt = forDescription(() =>
  z.iso.datetime().nullable().meta({ description: "When the onboarding page runs out." }),
);

/** Prints the time at which a page expires. */
export function toExpiry({ expiresAtMs }: Output<"create-onboarding-link">): string {
  return new Date(expiresAtMs).toISOString();
}

const units = [
  { name: "hour", ms: hourMs },
  { name: "minute", ms: 60 * 1000 },
  { name: "second", ms: 1000 },
] as const;

/** Prints the time left, in the largest unit of which there are at least two, or else in seconds: "5 minutes". */
export function timeLeft(untilMs: number, nowMs: number): string {
  const leftMs = Math.max(untilMs - nowMs, 0);
  const { name, ms } = units.find((unit) => leftMs >= 2 * unit.ms) ?? units[2];
  const count = Math.round(leftMs / ms);
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}
