import * as z from "zod";
import { nameOf, type OperatorList, pageOfList, type Sent, takenBy } from "../../db/operator/page-of-list";
import { canonicalId } from "../../domain/id";
import { type described, forDescription } from "../described";
import { answerPage, createdQuery, createdRangeOf, cursorPageOf, listQuery, pageOf } from "../page";
import type { Route } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";
import { printRow, rowObject } from "./print-row";

/** Makes the route of a list of everybody's rows. `check` refuses filters that do not go together. */
export function listRoute(
  list: OperatorList,
  operationId: string,
  path: string,
  description: ReturnType<typeof described>,
  check: z.core.CheckFn<Sent> = () => undefined,
): Route {
  const { fields, filters, name, created } = list;
  return defineRoute(adminDialect, {
    operationId,
    method: "get",
    path: `/admin/${path}`,
    ...description,
    access: "operator",
    query: () => {
      const members = { ...(created ? createdQuery() : {}), ...filtersOf(list) };
      return listQuery(members).check(check as never) as ReturnType<typeof listQuery<ReturnType<typeof createdQuery>>>;
    },
    async handle({ edge, query }) {
      const sent = Object.fromEntries(Object.keys(filters).map((one) => [one, (query as Sent)[one]]));
      const asked = { created: createdRangeOf(query), sent };
      const part = await pageOfList(edge.deps.db, list, asked, cursorPageOf(query));
      return answerPage(query, part, (row) => ({
        ...(name.length > 1 ? { id: nameOf(list, row) } : {}),
        ...printRow(row, fields),
      }));
    },
  });
}

/** Makes the members of the query that are filters. */
function filtersOf({ filters, required = [] }: OperatorList) {
  return Object.fromEntries(
    Object.entries(filters).map(([name, of]) => {
      const value = filterValue(takenBy(of));
      return [name, required.includes(name) ? value : value.optional()];
    }),
  );
}

function filterValue({ dataType, enumValues = [] }: ReturnType<typeof takenBy>) {
  const [first, ...others] = enumValues;
  if (first !== undefined) return z.enum([first, ...others]);
  if (dataType === "boolean") return z.enum(["true", "false"]).transform((text) => text === "true");
  return z.string().max(255).transform(canonicalId);
}

/**
 * Describes such a route. `row` names the schema of a row, and `special` has the schemas of fields that are no columns.
 */
export const listed = forDescription(
  () =>
    (list: OperatorList, row: string, summary: string, description?: string, special: z.ZodRawShape = {}) => {
      const id = z.string().meta(forDescription(() => ({ description: "Names the row as a cursor does." })));
      const shape = { ...(list.name.length > 1 ? { id } : {}), ...special };
      const schema = pageOf(rowObject(row, list.fields, shape));
      return {
        tag: "Operator",
        summary,
        ...(description === undefined ? {} : { description }),
        responses: { 200: { description: "One page", schema } },
      };
    },
);
