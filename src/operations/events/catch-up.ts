import { write } from "../../db/database";
import { storeEvent } from "../../db/stripe-events";
import { listEvents, type StripeEvent } from "../../stripe/event";
import type { Deps } from "../deps";

/** Stripe's own list of events is read this often, for those that never arrived. */
export const catchUpEveryMs = 10 * 60_000;

/** How much time one look covers, and how many looks a run makes: a long gap is read piece by piece, run by run. */
const windowMs = 24 * 60 * 60_000;
const looksMax = 4;

/** How far back the first look goes, and how much later runs overlap: Stripe's list may lag its clock. */
const overlapMs = 5 * 60_000;

/** Stripe filters by so many types at once. */
const typesMax = 20;

/** Whose events are read: the platform's, or those of a connected account. */
export interface EventSource {
  account?: string;
  types: readonly string[];
}

/**
 * Reads Stripe's list of events since the last look: what was dropped on the way is stored like any other (decisions
 * X12). Answers how far it was read.
 */
export async function catchUp(deps: Deps, source: EventSource, readMs: number): Promise<number> {
  const nowMs = deps.nowMs();
  let readTo = readMs;
  for (let look = 0; look < looksMax && nowMs - readTo >= catchUpEveryMs; look += 1) {
    const untilMs = Math.min(nowMs, readTo + windowMs);
    if (!(await readWindow(deps, source, { fromMs: readTo - overlapMs, untilMs }))) return readTo;
    readTo = untilMs;
  }
  return readTo;
}

async function readWindow(
  deps: Deps,
  { account, types }: EventSource,
  span: { fromMs: number; untilMs: number },
): Promise<boolean> {
  for (let first = 0; first < types.length; first += typesMax) {
    const asked = { ...span, types: types.slice(first, first + typesMax), account };
    const listed = await listEvents(deps.stripe, asked);
    if (!listed.ok) {
      deps.log.warn("events_not_listed", { account, failure: listed.failure.kind, message: listed.failure.message });
      return false;
    }
    await store(deps, listed.value);
  }
  return true;
}

async function store(deps: Deps, events: readonly StripeEvent[]): Promise<void> {
  const nowMs = deps.nowMs();
  const rows = events.map(({ createdAtMs, ...event }) =>
    storeEvent(deps.db, { ...event, createdAt: createdAtMs, receivedAt: nowMs, dueAt: nowMs }),
  );
  for (let start = 0; start < rows.length; start += 50) await write(deps.db, rows.slice(start, start + 50));
}
