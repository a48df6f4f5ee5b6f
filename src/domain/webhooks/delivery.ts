import { parseHttpDate } from "../http-date";
import { dayMs, hourMs, minuteMs, secondMs } from "../time";

/** The outcome of one delivery attempt. An attempt returns data: an ordinary network failure is not an exception. */
export type AttemptOutcome =
  | { kind: "delivered"; status: number }
  | { kind: "gone"; status: number }
  | { kind: "refused"; status: number; retryAfterMs?: number }
  | { kind: "redirected"; status: number }
  | { kind: "timeout" }
  | { kind: "unreachable" }
  | { kind: "target_forbidden" }
  | { kind: "no_address" };

export const deliveryStates = ["pending", "delivered", "failed"] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/**
 * Delays before each attempt, over four days. Standard Webhooks asks for days, not minutes. The first attempt is made
 * at once.
 */
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
  dayMs,
] as const;

/** Delays of the transfers contract's own messages: at most four attempts. */
const transfersScheduleMs = [0, 30 * secondMs, 2 * minuteMs, 8 * minuteMs] as const;

export type SignatureScheme = "standard" | "transfers";

const schedules: Record<SignatureScheme, readonly number[]> = {
  standard: standardScheduleMs,
  transfers: transfersScheduleMs,
};

/** A receiver may ask for a pause with `Retry-After`, of a day at most. */
const retryAfterMaxMs = dayMs;

/** Spreads the retries, so that receivers that failed together are not tried again together. */
const jitter = 0.2;

/**
 * Decides what follows from an attempt, by the schedule. `attempts` counts the one just made; `random` is in [0, 1).
 * Returns the new state and the time of the next attempt in milliseconds, or null if the state is final.
 */
export function afterAttempt(
  outcome: AttemptOutcome,
  { wire, attempts, nowMs, random }: { wire: SignatureScheme; attempts: number; nowMs: number; random: number },
): { state: DeliveryState; nextAtMs: number | null } {
  if (outcome.kind === "delivered") return { state: "delivered", nextAtMs: null };
  const delayMs = schedules[wire][attempts];
  const isOver = outcome.kind === "gone" || outcome.kind === "no_address"; // no retry can succeed
  if (isOver || delayMs === undefined) return { state: "failed", nextAtMs: null };
  const askedMs = outcome.kind === "refused" ? Math.min(outcome.retryAfterMs ?? 0, retryAfterMaxMs) : 0;
  const spreadMs = Math.round(delayMs * jitter * (2 * random - 1));
  return { state: "pending", nextAtMs: nowMs + Math.max(delayMs + spreadMs, askedMs) };
}

/**
 * An endpoint that has failed for `warnAfterMs` gets one notice, and is disabled after `disableAfterMs`, but never
 * earlier than `noticeMs` after the notice: a quiet endpoint may have no deliveries for days. The resource shows these
 * times.
 */
export const healthPolicy = { warnAfterMs: 60 * hourMs, disableAfterMs: 120 * hourMs, noticeMs: dayMs } as const;

/** Tells whether an endpoint is well, and if not, whether it must be warned about or disabled at this moment. */
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
 * Parses `Retry-After` into milliseconds from now, a day at most: seconds in digits, or a date (RFC 9110 10.2.3). A
 * date in the past means now. Returns undefined for any other text.
 */
export function parseRetryAfter(header: string | null, nowMs: number): number | undefined {
  const text = header?.trim() ?? "";
  const askedMs = /^\d+$/.test(text) ? Number(text) * secondMs : (parseHttpDate(text, nowMs) ?? Number.NaN) - nowMs;
  return Number.isNaN(askedMs) ? undefined : Math.min(Math.max(askedMs, 0), retryAfterMaxMs);
}
