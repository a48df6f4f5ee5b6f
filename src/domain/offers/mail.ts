import { dayMs, hourMs, minuteMs, secondMs } from "../time";

/** The mails to users. The first two have a link; the others tell of a change that the reader may not have made. */
export const mailKinds = ["reset-password", "verify-email", "password-changed", "email-changed"] as const;

export type MailKind = (typeof mailKinds)[number];

/** A link works once, for a quarter of an hour (OWASP, Forgot Password cheat sheet: short-lived, single use). */
const linkLifetimeMs = 15 * minuteMs;

/** A mail about a change is sent late rather than not at all. */
const noticeLifetimeMs = dayMs;

/**
 * Nobody gets two mails with the same kind of link within this time, however often they are asked for. The link of the
 * mail that is there already goes on working, so that nobody can keep the owner from resetting the password either.
 */
export const mailPauseMs = 5 * minuteMs;

/** Tells whether a mail has a link. There is one such mail of a kind for each user: a newer one ends the older link. */
export function hasLink(kind: MailKind): boolean {
  return kind === "reset-password" || kind === "verify-email";
}

/** The time after which sending a mail makes no sense any more. */
export function mailLifetimeMs(kind: MailKind): number {
  return hasLink(kind) ? linkLifetimeMs : noticeLifetimeMs;
}

/** The time from a failed attempt to the next: 30 seconds, a minute, two, and so on to an hour. */
export function mailRetryMs(attempts: number): number {
  return Math.min(30 * secondMs * 2 ** (attempts - 1), hourMs);
}
