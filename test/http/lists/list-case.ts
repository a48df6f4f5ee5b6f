import type { Chance } from "../../e2e/kill/chance";
import type { Answer } from "../../journey";

/** A row of a list as it is answered. */
// biome-ignore lint/suspicious/noExplicitAny: tests look at whatever came back
export type Row = Record<string, any>;

/** The parameters of a query. */
export type Query = Record<string, string>;

/** A filter: how its value is chosen, mostly from the rows that there are, and which rows it means. */
export interface Filter {
  choose: (rows: readonly Row[], random: Chance) => string;
  matches: (row: Row, value: string) => boolean;
}

/** One list with rows in it. */
export interface OpenList {
  /** Requests the list as its owner. */
  ask: (query: Query) => Promise<Answer>;
  /**
   * Requests the list of somebody else, who has rows of his own; undefined if there is nobody else, as for the operator.
   */
  askElsewhere?: (query: Query) => Promise<Answer>;
  /** Makes one more row of the owner, which is then the newest; its members are chosen by chance. */
  add: (random: Chance) => Promise<unknown>;
  /** The filter of the rows that can leave, if any can, and how a row of them leaves. */
  leaving?: { query: Query; take: (row: Row) => Promise<unknown> };
}

/** A list of the description, with what the tests must know of it. */
export interface ListCase {
  operationId: string;
  /** The members that name a row; either is taken as a cursor. */
  ids: readonly string[];
  /** The status of a refusal in the words of its dialect. */
  refused: 400 | 422;
  rowsOf: (body: Answer["body"]) => Row[];
  hasMore: (body: Answer["body"]) => boolean;
  filters: Record<string, Filter>;
  /** Makes the list, and a few rows of somebody else's if there can be any. */
  open: (random: Chance) => Promise<OpenList>;
}

/** Where the lists of no contract, and those of the operator, have their rows. */
export const inData = {
  refused: 422,
  rowsOf: (body: Answer["body"]): Row[] => body.data,
  hasMore: (body: Answer["body"]): boolean => body.has_more,
} as const;

/** The filters by the time at which a row was made, which is a member of it as ISO 8601. */
export function createdFilters(
  member: string,
  [from, to] = ["created_after", "created_before"],
): Record<string, Filter> {
  const choose = (rows: readonly Row[], random: Chance) => random.pick(rows)?.[member] ?? "2030-01-01";
  return {
    [`${from}`]: { choose, matches: (row, value) => Date.parse(row[member]) >= Date.parse(value) },
    [`${to}`]: { choose, matches: (row, value) => Date.parse(row[member]) < Date.parse(value) },
  };
}

/** A filter by a member's value. */
export function byMember(member: string): Filter {
  return {
    choose: (rows, random) => random.pick(rows)?.[member] ?? "",
    matches: (row, value) => row[member] === value,
  };
}

/** Sends a query to a path of the API. */
export function pathWith(path: string, query: Query): string {
  return `${path}${path.includes("?") ? "&" : "?"}${new URLSearchParams(query)}`;
}
