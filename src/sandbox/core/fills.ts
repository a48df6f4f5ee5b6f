import type { Filters, Kind, Range } from "./kinds";

/**
 * Artificial entries of a list, computed when a page is read, so that a list can have any length without being stored.
 * They are spread evenly from the first second to the last, and differ only in ids and times.
 */
export interface Fill {
  seq: number;
  kind: Kind;
  account: string;
  count: number;
  fromSeconds: number;
  toSeconds: number;
  /** The content of each entry. */
  template: object;
}

/** The place of an entry in a list: by time, then stored entries before artificial ones, then by number. */
export interface Place {
  created: number;
  /** 0 for a stored entry, else the fill that it belongs to. */
  fill: number;
  number: number;
}

export interface Entry {
  place: Place;
  body: object;
}

interface Row extends Record<string, SqlStorageValue> {
  seq: number;
  body: string;
}

/** The kinds that can be filled, with the prefix of their ids. */
export const FILLABLE = {
  account: "acct_",
  balance_transaction: "txn_",
  "checkout.session": "cs_test_",
  customer: "cus_",
  event: "evt_",
  payment_intent: "pi_",
} as const satisfies Partial<Record<Kind, string>>;

export type FillableKind = keyof typeof FILLABLE;

export class Fills {
  constructor(private readonly sql: SqlStorage) {}

  add(fill: Omit<Fill, "seq">): void {
    this.sql.exec("INSERT INTO fills (body) VALUES (?)", JSON.stringify(fill));
  }

  of(kind: Kind, account: string, filters: Filters = {}): Fill[] {
    return this.sql
      .exec<Row>("SELECT * FROM fills ORDER BY seq")
      .toArray()
      .map(({ seq, body }): Fill => ({ ...(JSON.parse(body) as Omit<Fill, "seq">), seq }))
      .filter((fill) => fill.kind === kind && fill.account === account && fits(fill.template, filters));
  }

  find(kind: Kind, account: string, id: string): Entry | null {
    const [, seq, index] = /_filled_(\d+)_(\d+)$/.exec(id) ?? [];
    const fill = this.of(kind, account).find((one) => one.seq === Number(seq));
    return fill && Number(index) < fill.count ? entryOf(fill, Number(index)) : null;
  }
}

/** Returns entries of a fill in a span, at most `limit`: those nearest to the place where the page begins. */
export function entriesOf(
  fill: Fill,
  created: Range,
  { after, before, limit }: { after: Place | null; before: Place | null; limit: number },
): Entry[] {
  const lowest = Math.max(created.gte ?? 0, (created.gt ?? -1) + 1);
  const highest = Math.min(created.lte ?? Number.MAX_SAFE_INTEGER, (created.lt ?? Number.MAX_SAFE_INTEGER) - 1);
  let first = countUntil(fill, lowest - 1);
  let end = countUntil(fill, highest);
  if (after) end = Math.min(end, countBefore(fill, after));
  if (before) first = Math.max(first, countUpTo(fill, before));
  const backwards = before !== null;
  const length = Math.max(0, Math.min(limit, end - first));
  return Array.from({ length }, (_, step) => entryOf(fill, backwards ? first + step : end - 1 - step));
}

/** Compares entries in the order of Stripe's lists: the newest first. */
export function newestFirst(one: Entry, other: Entry): number {
  const [a, b] = [one.place, other.place];
  return b.created - a.created || b.fill - a.fill || b.number - a.number;
}

/** Counts the entries that were created at a second or before. */
function countUntil({ count, fromSeconds, toSeconds }: Fill, second: number): number {
  if (second < fromSeconds) return 0;
  if (second >= toSeconds) return count;
  return Math.ceil(((second - fromSeconds + 1) * (count - 1)) / (toSeconds - fromSeconds));
}

function countBefore(fill: Fill, place: Place): number {
  if (fill.seq === place.fill) return place.number;
  return countUntil(fill, fill.seq < place.fill ? place.created : place.created - 1);
}

function countUpTo(fill: Fill, place: Place): number {
  return fill.seq === place.fill ? place.number + 1 : countBefore(fill, place);
}

function entryOf(fill: Fill, index: number): Entry {
  const { count, fromSeconds, toSeconds, kind, seq, template } = fill;
  const created = fromSeconds + (count > 1 ? Math.floor((index * (toSeconds - fromSeconds)) / (count - 1)) : 0);
  const id = `${FILLABLE[kind as FillableKind]}filled_${seq}_${index}`;
  return { place: { created, fill: seq, number: index }, body: { ...template, id, created } };
}

function fits(template: object, filters: Filters): boolean {
  return Object.entries(filters).every(([path, wanted]) => {
    if (wanted === null) return true;
    const value = path
      .split(".")
      .reduce<unknown>((at, name) => (at as Record<string, unknown> | null)?.[name], template);
    return typeof wanted === "string" ? value === wanted : wanted.includes(String(value));
  });
}
