import { dropCursor, moveCursor, selectCursor } from "../../db/cursors";
import { write } from "../../db/database";
import { selectKnownEvents, storeEvents } from "../../db/stripe-events";
import { type ListPosition, startOfSpan } from "../../domain/list-position";
import { dayMs, minuteMs } from "../../domain/time";
import { readEvents, type StripeEvent } from "../../stripe/event";
import type { Deps } from "../deps";

/** Interval between two readings of Stripe's list of events, for those that never arrived. */
export const catchUpEveryMs = 10 * minuteMs;

/** The length of one span. */
const spanMs = dayMs;

/** The most pages of 100 events that a run reads: a page of new events costs some ten queries. */
const pagesMax = 40;

/** The length of the first span, and the overlap of later ones: an event may appear in Stripe's list late. */
const overlapMs = 5 * minuteMs;

/** The most types that Stripe filters by at once. */
const typesMax = 20;

/** The source of events: the platform, or a connected account. */
export interface EventSource {
  account?: string;
  types: readonly string[];
}

/**
 * Reads Stripe's list of events since the last reading, and stores those that were lost on their way. A span that is
 * too long for one run is continued by the next. Returns the time up to which everything is read.
 */
export async function catchUp(deps: Deps, source: EventSource, readMs: number): Promise<number> {
  const nowMs = deps.nowMs();
  if (nowMs - readMs < catchUpEveryMs) return readMs;
  const name = `stripe-events-of-${source.account ?? "platform"}`;
  const [[kept]] = await deps.db.batch([selectCursor(deps.db, name)]);
  let position = kept?.position && isAbout(kept.position, readMs) ? kept.position : null;
  let readTo = readMs;
  for (let page = 0; page < pagesMax; page += 1) {
    if (!position && nowMs - readTo < catchUpEveryMs) break;
    const reading = position ?? { ...startOfSpan(readTo - overlapMs, Math.min(nowMs, readTo + spanMs)), part: 0 };
    const { events, rest, failure } = await readEvents(deps.stripe, choiceOf(source, reading.part), reading);
    await store(deps, events);
    const isLastPart = (reading.part + 1) * typesMax >= source.types.length;
    if (rest) position = { ...rest, part: reading.part };
    else if (!isLastPart)
      position = { ...reading, untilSeconds: reading.endSeconds, after: null, part: reading.part + 1 };
    else {
      position = null;
      readTo = Math.min(nowMs, reading.endSeconds * 1000);
    }
    if (failure) {
      const { kind, message } = failure;
      deps.log.warn("events_not_listed", { account: source.account, failure: kind, message });
      break;
    }
  }
  if (position) await write(deps.db, [moveCursor(deps.db, name, readTo, position)]);
  else if (kept) await write(deps.db, [dropCursor(deps.db, name)]);
  return readTo;
}

/** Tells whether an unfinished span covers the time up to which everything is read. */
function isAbout({ fromSeconds, endSeconds }: ListPosition, readMs: number): boolean {
  return fromSeconds * 1000 <= readMs && readMs < endSeconds * 1000;
}

function choiceOf({ account, types }: EventSource, part: number) {
  return { account, types: types.slice(part * typesMax, (part + 1) * typesMax) };
}

async function store(deps: Deps, events: readonly StripeEvent[]): Promise<void> {
  if (events.length === 0) return;
  const [known] = await deps.db.batch([
    selectKnownEvents(
      deps.db,
      events.map(({ id }) => id),
    ),
  ]);
  const ids = new Set(known.map(({ id }) => id));
  const nowMs = deps.nowMs();
  const rows = events
    .filter(({ id }) => !ids.has(id))
    .map(({ createdAtMs, ...event }) => ({ ...event, createdAt: createdAtMs, receivedAt: nowMs, dueAt: nowMs }));
  await write(deps.db, storeEvents(deps.db, rows));
}
