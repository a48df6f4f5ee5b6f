import * as z from "zod";
import type { Timeline } from "../../db/timeline";

/** What happened, in this order where the millisecond is the same: a change, its ledger lines, what it told, Stripe. */
const kinds = ["change", "posting", "event", "stripe_call", "stripe_event"] as const;

interface Entry {
  at: string;
  kind: (typeof kinds)[number];
  [fact: string]: unknown;
}

/** A timeline as it is described. */
export const timelineEntries = z.array(z.looseObject({ at: z.iso.datetime(), kind: z.enum(kinds) }));

/** Everything that is written about an aggregate, oldest first. */
export function printTimeline(timeline: Timeline): Entry[] {
  return toEntries(timeline).toSorted(
    (a, b) => a.at.localeCompare(b.at) || kinds.indexOf(a.kind) - kinds.indexOf(b.kind), // stable: versions stay in order
  );
}

function toEntries({ changes, effects, events, lines, told }: Timeline): Entry[] {
  return [
    ...changes.map(({ at, version, name, actor, requestId, data }) => ({
      at: instant(at),
      kind: "change" as const,
      version,
      name,
      actor,
      requestId,
      data,
    })),
    ...lines.map(({ at, version, line, account, currency, amountMinor, reference }) => ({
      at: instant(at),
      kind: "posting" as const,
      version,
      line,
      account,
      currency,
      amountMinor,
      reference,
    })),
    ...told.map(({ at, version, sequence, type, data }) => ({
      at: instant(at),
      kind: "event" as const,
      version,
      sequence,
      type,
      data,
    })),
    ...effects.map(({ createdAt, sentAt, lastSentAt, dueAt, aggregateId: _, look: __, kind, ...facts }) => ({
      at: instant(createdAt),
      kind: "stripe_call" as const,
      call: kind,
      ...facts,
      sentAt: sentAt === null ? null : instant(sentAt),
      lastSentAt: instant(lastSentAt),
      dueAt: dueAt === null ? null : instant(dueAt),
    })),
    ...events.map(({ receivedAt, createdAt, processedAt, ...facts }) => ({
      at: instant(receivedAt),
      kind: "stripe_event" as const,
      ...facts,
      createdAt: instant(createdAt),
      processedAt: processedAt === null ? null : instant(processedAt),
    })),
  ];
}

function instant(atMs: number): string {
  return new Date(atMs).toISOString();
}
