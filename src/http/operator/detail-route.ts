import * as z from "zod";
import type { Statement } from "../../db/database";
import { type Detail, partsOf, selectParts } from "../../db/operator/details";
import { canonicalId } from "../../domain/id";
import { type described, forDescription } from "../described";
import { explanationsObject } from "../explanation-object";
import { ok, type Route } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";
import { explainParts } from "./explain-parts";
import { printRow, rowObject } from "./print-row";

/** Makes the route of one thing with everything that belongs to it. `path` ends in the name of its id. */
export function detailRoute(
  detail: Detail,
  operationId: string,
  path: string,
  description: ReturnType<typeof described>,
): Route {
  const idOf = (params: Record<string, string>) => canonicalId(Object.values(params)[0] ?? "");
  const name = path.split(":")[1] ?? "";
  return defineRoute(adminDialect, {
    operationId,
    method: "get",
    path: `/admin/${path}`,
    ...description,
    access: "operator",
    params: () => z.object({ [name]: z.string() }),
    load: ({ db, params }): readonly Statement[] => selectParts(db, detail, idOf(params)),
    find: (read) => partsOf(detail, read) ?? "id_unknown",
    async handle({ found }) {
      const [[first = "", { fields } = { fields: {} }] = [], ...others] = Object.entries(detail);
      const parts = others.map(([part, of]) => [part, found[part]?.map((row) => printRow(row, of.fields))]);
      const thing = printRow(found[first]?.[0] ?? {}, fields);
      return ok({ data: { [first]: thing, ...Object.fromEntries(parts), ...explainParts(found) } });
    },
  });
}

/** Describes such a route. Its schemas are named after `name` and the parts. */
export const detailed = forDescription(() => (detail: Detail, name: string, summary: string, description?: string) => {
  const [[first = "", thing] = [], ...others] = Object.entries(detail);
  const pascal = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
  const special: Record<string, z.ZodRawShape> = {
    balances: { amountMinor: z.int() },
    delivery: { owner: z.string().nullable() },
    day: { closedAt: z.iso.datetime() },
  };
  const rows = others.map(([part, { fields }]) => [
    part,
    z.array(rowObject(name + pascal(part), fields, special[part])),
  ]);
  const data = z.strictObject({
    [first]: rowObject(name, thing?.fields ?? {}, special[first]),
    ...Object.fromEntries(rows),
    ...explanationsObject.shape,
  });
  return {
    tag: "Operator",
    summary,
    ...(description === undefined ? {} : { description }),
    responses: { 200: { description: "It, with what belongs to it", schema: z.strictObject({ data }) } },
    errors: { 404: ["id_unknown" as const] },
  };
});
