import { type Entry, entriesOf, Fills, newestFirst, type Place } from "./fills";
import type { Filters, Kind, Kinds, Range } from "./kinds";
import { missing } from "./refusal";

/** The owner of objects that belong to no connected account. */
export const PLATFORM = "";

interface Row extends Record<string, SqlStorageValue> {
  seq: number;
  id: string;
  account: string;
  kind: string;
  created: number;
  body: string;
}

export interface Paging {
  limit: number;
  startingAfter: string | null;
  endingBefore: string | null;
}

/** Stripe's objects as JSON documents, stored per account. Ids are unique over all kinds and accounts. */
export class Objects {
  readonly fills: Fills;

  constructor(private readonly sql: SqlStorage) {
    this.fills = new Fills(sql);
  }

  /** `hidden` is what the emulator must remember about the object and Stripe does not show. */
  insert<K extends Kind>(
    kind: K,
    account: string,
    id: string,
    created: number,
    body: Kinds[K],
    hidden: object = {},
  ): void {
    this.sql.exec(
      "INSERT INTO objects (id, account, kind, created, body, hidden) VALUES (?, ?, ?, ?, ?, ?)",
      id,
      account,
      kind,
      created,
      JSON.stringify(body),
      JSON.stringify(hidden),
    );
  }

  find<K extends Kind>(kind: K, account: string, id: string): Kinds[K] | null {
    const row = this.sql
      .exec<Row>("SELECT * FROM objects WHERE id = ? AND kind = ? AND account = ?", id, kind, account)
      .toArray()[0];
    if (row) {
      return JSON.parse(row.body) as Kinds[K];
    }
    return (this.fills.find(kind, account, id)?.body as Kinds[K] | undefined) ?? null;
  }

  /**
   * Returns the object, or refuses if it does not exist. `param` is the parameter that named it; without it the id was
   * in the path.
   */
  get<K extends Kind>(kind: K, account: string, id: string, param?: string): Kinds[K] {
    const found = this.find(kind, account, id);
    if (found === null) {
      throw missing(kind, id, param);
    }
    return found;
  }

  findAny(account: string, id: string): object | null {
    const row = this.sql.exec<Row>("SELECT * FROM objects WHERE id = ? AND account = ?", id, account).toArray()[0];
    return row ? (JSON.parse(row.body) as object) : null;
  }

  ownerOf(id: string): string | null {
    const row = this.sql.exec<{ account: string }>("SELECT account FROM objects WHERE id = ?", id).toArray()[0];
    return row?.account ?? null;
  }

  replace(id: string, body: object): void {
    this.sql.exec("UPDATE objects SET body = ? WHERE id = ?", JSON.stringify(body), id);
  }

  remove(id: string): void {
    this.sql.exec("DELETE FROM objects WHERE id = ?", id);
  }

  hidden(id: string): Record<string, unknown> {
    const row = this.sql.exec<{ hidden: string }>("SELECT hidden FROM objects WHERE id = ?", id).toArray()[0];
    return row ? (JSON.parse(row.hidden) as Record<string, unknown>) : {};
  }

  setHidden(id: string, hidden: object): void {
    this.sql.exec("UPDATE objects SET hidden = ? WHERE id = ?", JSON.stringify(hidden), id);
  }

  /** Lists all stored objects that match, newest first. */
  all<K extends Kind>(kind: K, account: string, filters: Filters): Kinds[K][] {
    const none = { after: null, before: null, limit: -1 };
    return this.#made(kind, account, filters, {}, none, "seq").map(({ body }) => body as Kinds[K]);
  }

  /** Returns one page, newest first, and whether there is more in the requested direction. */
  page<K extends Kind>(
    kind: K,
    account: string,
    filters: Filters,
    created: Range,
    paging: Paging,
  ): { data: Kinds[K][]; hasMore: boolean } {
    const fills = this.fills.of(kind, account, filters);
    const from = {
      after: this.#placeOf(kind, account, paging.startingAfter, "starting_after"),
      before: this.#placeOf(kind, account, paging.endingBefore, "ending_before"),
      limit: paging.limit + 1,
    };
    const made = this.#made(kind, account, filters, created, from, fills.length > 0 ? "created" : "seq");
    const backwards = from.before !== null;
    const entries = [...made, ...fills.flatMap((fill) => entriesOf(fill, created, from))];
    if (fills.length > 0) {
      entries.sort((one, other) => (backwards ? newestFirst(other, one) : newestFirst(one, other)));
    }
    const data = entries.slice(0, paging.limit).map(({ body }) => body as Kinds[K]);
    return { data: backwards ? data.reverse() : data, hasMore: entries.length > paging.limit };
  }

  /** Lists stored objects in the order of their creation, or by time if the list has artificial entries. */
  #made(
    kind: Kind,
    account: string,
    filters: Filters,
    created: Range,
    { after, before, limit }: { after: Place | null; before: Place | null; limit: number },
    by: "seq" | "created",
  ): Entry[] {
    const where = ["kind = ?", "account = ?"];
    const bound: (string | number)[] = [kind, account];
    for (const [field, value] of Object.entries(filters)) {
      if (typeof value === "string") {
        where.push(`json_extract(body, '$.${field}') = ?`);
        bound.push(value);
      } else if (value !== null) {
        where.push(`json_extract(body, '$.${field}') IN (${value.map(() => "?").join(", ")})`);
        bound.push(...value);
      }
    }
    const signs = { gt: ">", gte: ">=", lt: "<", lte: "<=" } as const;
    for (const name of ["gt", "gte", "lt", "lte"] as const) {
      const seconds = created[name];
      if (seconds !== undefined) {
        where.push(`created ${signs[name]} ?`);
        bound.push(seconds);
      }
    }
    for (const [place, sign] of [
      [after, "<"],
      [before, ">"],
    ] as const) {
      if (place !== null) {
        where.push(by === "seq" ? `seq ${sign} ?` : `(created, 0, seq) ${sign} (?, ?, ?)`);
        bound.push(...(by === "seq" ? [place.number] : [place.created, place.fill, place.number]));
      }
    }
    const direction = before === null ? "DESC" : "ASC";
    const order = by === "seq" ? `seq ${direction}` : `created ${direction}, seq ${direction}`;
    return this.sql
      .exec<Row>(`SELECT * FROM objects WHERE ${where.join(" AND ")} ORDER BY ${order} LIMIT ?`, ...bound, limit)
      .toArray()
      .map((row) => ({
        place: { created: row.created, fill: 0, number: row.seq },
        body: JSON.parse(row.body) as object,
      }));
  }

  #placeOf(kind: Kind, account: string, id: string | null, param: string): Place | null {
    if (id === null) {
      return null;
    }
    const row = this.sql.exec<Row>("SELECT * FROM objects WHERE id = ? AND kind = ?", id, kind).toArray()[0];
    if (row) {
      return { created: row.created, fill: 0, number: row.seq };
    }
    const filled = this.fills.find(kind, account, id);
    if (filled === null) {
      throw missing(kind, id, param);
    }
    return filled.place;
  }
}
