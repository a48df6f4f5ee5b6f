import { parseHttpDate } from "./http-date";

/** What one attempt came to. An attempt returns data; an ordinary network failure is not an exception. */
export type AttemptOutcome =
  | { kind: "delivered"; status: number }
  | { kind: "gone"; status: number }
  | { kind: "refused"; status: number; retryAfterMs?: number }
  | { kind: "redirected"; status: number }
  | { kind: "timeout" }
  | { kind: "unreachable" }
  | { kind: "target_forbidden" }
  | { kind: "no_address" };

export type DeliveryState = "pending" | "delivered" | "failed";

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

/** Delays before each attempt, over four days (Standard Webhooks: days, not minutes). The first is made at once. */
const standardScheduleMs = [
  0,
  5 * secondMs,
  5 * minuteMs,
  30 * minuteMs,
  2 * hourMs,
  5 * hourMs,
  10 * hourMs,
  14 * hourMs,
  20 * hourMs,
  24 * hourMs,
] as const;

/** The transfers contract's own: at most four attempts. */
const transfersScheduleMs = [0, 30 * secondMs, 2 * minuteMs, 8 * minuteMs] as const;

export type Wire = "standard" | "transfers";

const schedules: Record<Wire, readonly number[]> = { standard: standardScheduleMs, transfers: transfersScheduleMs };

/** A receiver may ask for patience, but not for ever. */
const retryAfterMaxMs = 24 * hourMs;

/** Receivers that failed together must not come back together. */
const jitter = 0.2;

/**
 * What becomes of a delivery after an attempt: the one place that knows the schedule. `attempts` counts the one just
 * made; `random` is in [0, 1). Answers the next time in milliseconds, or none: then the state is final.
 */
export function afterAttempt(
  outcome: AttemptOutcome,
  { wire, attempts, nowMs, random }: { wire: Wire; attempts: number; nowMs: number; random: number },
): { state: DeliveryState; nextAtMs: number | null } {
  if (outcome.kind === "delivered") return { state: "delivered", nextAtMs: null };
  const delayMs = schedules[wire][attempts];
  const isOver = outcome.kind === "gone" || outcome.kind === "no_address"; // there is nobody to try again
  if (isOver || delayMs === undefined) return { state: "failed", nextAtMs: null };
  const askedMs = outcome.kind === "refused" ? Math.min(outcome.retryAfterMs ?? 0, retryAfterMaxMs) : 0;
  const spreadMs = Math.round(delayMs * jitter * (2 * random - 1));
  return { state: "pending", nextAtMs: nowMs + Math.max(delayMs + spreadMs, askedMs) };
}

/**
 * An endpoint that has failed for so long is told once, and switched off at the second mark, but never without that notice:
 * a quiet endpoint may have nothing to fail at for days. Readable on the resource.
 */
export const healthPolicy = { warnAfterMs: 60 * hourMs, disableAfterMs: 120 * hourMs, noticeMs: 24 * hourMs } as const;

/** Whether an endpoint is well, or since when it is not, what that now calls for. */
export function judgeHealth(
  endpoint: { failingSinceMs: number | null; warnedAtMs: number | null },
  outcome: AttemptOutcome,
  nowMs: number,
): "well" | "failing" | "warn" | "disable" {
  if (outcome.kind === "delivered") return "well";
  if (outcome.kind === "gone") return "disable";
  const failingMs = nowMs - (endpoint.failingSinceMs ?? nowMs);
  if (endpoint.warnedAtMs === null) return failingMs >= healthPolicy.warnAfterMs ? "warn" : "failing";
  const hadNotice = nowMs - endpoint.warnedAtMs >= healthPolicy.noticeMs;
  return hadNotice && failingMs >= healthPolicy.disableAfterMs ? "disable" : "failing";
}

/**
 * `Retry-After` in milliseconds from now, a day at most: seconds in digits, or a date (RFC 9110 10.2.3). A date that is over
 * means now. Undefined for whatever is neither.
 */
export function parseRetryAfter(header: string | null, nowMs: number): number | undefined {
  const text = header?.trim() ?? "";
  const askedMs = /^\d+$/.test(text) ? Number(text) * secondMs : (parseHttpDate(text, nowMs) ?? Number.NaN) - nowMs;
  return Number.isNaN(askedMs) ? undefined : Math.min(Math.max(askedMs, 0), retryAfterMaxMs);
}
