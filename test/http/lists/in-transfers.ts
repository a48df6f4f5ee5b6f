import type { Answer } from "../../journey";
import type { Tenant } from "../../transfers-journey";
import { walk } from "../transfers/world";
import { createdFilters, pathWith, type Query, type Row } from "./list-case";

/** Where the lists have their rows: in the contract's page, or in its array. */
export const inContent = {
  ids: ["id"],
  refused: 400,
  rowsOf: (body: Answer["body"]): Row[] => body.data.content,
  hasMore: (body: Answer["body"]): boolean => body.data.has_more,
} as const;
export const inArray = {
  ids: ["id"],
  refused: 400,
  rowsOf: (body: Answer["body"]): Row[] => body.data,
  hasMore: (body: Answer["body"]): boolean => body.has_more,
} as const;

/** The filters of this contract by the time of a row. */
export const times = createdFilters("createdAt", ["from", "to"]);
/** Requests a list of an application. */
export const listOf = (tenant: Tenant, path: string) => (query: Query) =>
  walk.ask(tenant, "GET", pathWith(path, query));
