import { type AnyColumn, and, eq, not, type SQL, sql } from "drizzle-orm";
import type { SelectedFields, SQLiteTable } from "drizzle-orm/sqlite-core";
import { type CreatedRange, type CursorPage, isCreatedIn, isIdCreatedIn, readAt } from "../cursor-page";
import type { Database } from "../database";
import { cutLooked, lookThrough } from "../look-through";

/** A row as it is read, by the names of its fields. */
export type Row = Record<string, unknown>;

/** The values of the filters that were sent. */
export type Sent = Readonly<Record<string, string | boolean | undefined>>;

/** A list of everybody's rows, which only operators read. Its routes and their schemas are made of this table. */
export interface OperatorList {
  table: SQLiteTable;
  /** The columns that are shown. */
  fields: Record<string, AnyColumn | SQL.Aliased>;
  /** The columns that name a row. Their values, joined by dots, are its cursor. */
  name: readonly AnyColumn[];
  /** The columns that order the list, the last of them unique; if not given, those of the name. */
  order?: (sent: Sent) => readonly (AnyColumn | SQL)[];
  /** The values of the order that are selected for a cursor's row, if they are others. */
  place?: readonly SQL[];
  /** The condition of the row that a cursor names, if it is not found by its name alone. */
  isNamed?: (id: string, sent: Sent) => SQL | undefined;
  /** The time by which the list is filtered, if it is. */
  created?: AnyColumn;
  /** Filters: a column must equal the value, or a condition is made of it, or must hold or not. */
  filters: Record<string, Filter>;
  /** Names of filters that must be sent. */
  required?: readonly string[];
  /** The condition that an index serves, in the order of the list. Rows are looked through for the other filters. */
  owned?: (sent: Sent) => SQL | undefined;
}

type Filter = AnyColumn | SQL | ((value: string) => SQL);

/** The most rows that are looked at. They are read twice where they do not fill the page: 2,000 rows for a screen. */
const lookedAtMax = 999;

/** Reads a page of a list, in one round trip. Returns undefined if the cursor names no row. */
export async function pageOfList(
  db: Database,
  list: OperatorList,
  { created = {}, sent }: { created?: CreatedRange; sent: Sent },
  page: CursorPage,
) {
  const { table, fields, name } = list;
  const key = list.order?.(sent) ?? name;
  const named = (id: string) => {
    const parts = id.split(".");
    const isNamed = list.isNamed?.(id, sent) ?? and(...name.map((column, at) => eq(column, parts[at] ?? "")));
    const selected = Object.fromEntries(key.map((column, at) => [at, list.place?.[at] ?? column]));
    return db
      .select(selected as SelectedFields)
      .from(table)
      .where(isNamed);
  };
  const isById = key === name && name.length === 1;
  const isInTime = list.created && (isById ? isIdCreatedIn(name[0] as AnyColumn, list.created, created) : undefined);
  const looking = {
    key,
    most: lookedAtMax,
    ...(page.cursor ? { place: sql`${named(page.cursor.id)}` } : {}),
    owned: and(list.owned?.(sent), isInTime),
    matches: and(
      isById || !list.created ? undefined : isCreatedIn(list.created, created),
      ...Object.entries(list.filters).map(([filter, of]) => conditionOf(of, sent[filter])),
    ),
  };
  const rows = lookThrough<SQLiteTable, Row>(db, table, page, looking, fields as SelectedFields);
  const read = await readAt(db, page, named, [rows]);
  return read && cutLooked<Row>(page, read[0], (row) => nameOf(list, row));
}

function conditionOf(of: Filter, value: string | boolean | undefined): SQL | undefined {
  if (value === undefined) return undefined;
  if (typeof of === "function") return of(value as string);
  if (isColumn(of)) return eq(of, value);
  return value ? of : not(of);
}

function isColumn(of: AnyColumn | SQL): of is AnyColumn {
  return "notNull" in of;
}

/** Returns what a filter takes: the values of a column, any text, or whether a condition holds. */
export function takenBy(of: Filter): { dataType: string; enumValues?: readonly string[] | undefined } {
  if (typeof of === "function") return { dataType: "string" };
  return isColumn(of) ? of : { dataType: "boolean" };
}

/** Returns the cursor of a row. */
export function nameOf({ name, fields }: OperatorList, row: Row): string {
  return name.map((column) => row[Object.keys(fields).find((field) => fields[field] === column) ?? ""]).join(".");
}
