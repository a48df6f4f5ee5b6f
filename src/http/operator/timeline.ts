import * as z from "zod";
import type { Timeline } from "../../db/operator/timeline";
import { forDescription } from "../described";

/**
 * The kinds of entries, in the order in which they are shown within one millisecond: a change, its ledger lines, its
 * events, their deliveries and attempts, Stripe.
 */
const kinds = [
  "change",
  "posting",
  "event",
  "webhook",
  "delivery",
  "delivery_attempt",
  "stripe_call",
  "stripe_event",
] as const;

interface Entry {
  at: string;
  kind: (typeof kinds)[number];
  [fact: string]: unknown;
}

/** The schema of a timeline. */
export const timelineEntries = forDescription(() =>
  z.array(z.looseObject({ at: z.iso.datetime(), kind: z.enum(kinds) }).meta({ id: "TimelineEntry" })),
);

/** Makes a timeline of everything that is written about some aggregates, oldest first. */
export function printTimeline(timeline: Timeline): Entry[] {
  return toEntries(timeline).toSorted(
    (a, b) => a.at.localeCompare(b.at) || kinds.indexOf(a.kind) - kinds.indexOf(b.kind), // stable: versions stay in order
  );
}

function toEntries({ changes, effects, events, lines, told, deliveries, attempts, records }: Timeline): Entry[] {
  return [
    ...changes.map(({ at, changeId: _, tenant: __, ...facts }) => entry(at, "change", facts)),
    ...lines.map(({ at, tenant: _, ...facts }) => entry(at, "posting", facts)),
    ...told.map(({ at, tenant: _, erasedAt, ...facts }) =>
      entry(at, "event", erasedAt === null ? facts : { ...facts, erasedAt: instant(erasedAt) }),
    ),
    ...records.map(({ createdAt, lastAttemptAt, deliveredAt, dueAt, updatedAt: _, transferId, ...facts }) =>
      entry(lastAttemptAt ?? createdAt, "webhook", {
        aggregateId: transferId,
        ...facts,
        createdAt: instant(createdAt),
        deliveredAt: instantOrNull(deliveredAt),
        dueAt: instantOrNull(dueAt),
      }),
    ),
    ...deliveries.map(({ createdAt, dueAt, state, replay, version: _, ...facts }) =>
      entry(createdAt, "delivery", {
        ...facts,
        state,
        replay,
        nextAttemptAt: state === "pending" || replay ? instantOrNull(dueAt) : null,
      }),
    ),
    ...attempts.map(({ at, nextAttemptAt, ...facts }) =>
      entry(at, "delivery_attempt", { ...facts, nextAttemptAt: instantOrNull(nextAttemptAt) }),
    ),
    ...effects.map(({ createdAt, sentAt, lastSentAt, dueAt, look: _, kind, ...facts }) =>
      entry(createdAt, "stripe_call", {
        call: kind,
        ...facts,
        sentAt: instantOrNull(sentAt),
        lastSentAt: instant(lastSentAt),
        dueAt: instantOrNull(dueAt),
      }),
    ),
    ...events.map(({ receivedAt, createdAt, processedAt, ...facts }) =>
      entry(receivedAt, "stripe_event", {
        ...facts,
        createdAt: instant(createdAt),
        processedAt: instantOrNull(processedAt),
      }),
    ),
  ];
}

function entry(atMs: number, kind: Entry["kind"], facts: object): Entry {
  return { at: instant(atMs), kind, ...facts };
}

function instant(atMs: number): string {
  return new Date(atMs).toISOString();
}

function instantOrNull(atMs: number | null): string | null {
  return atMs === null ? null : instant(atMs);
}
