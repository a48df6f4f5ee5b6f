import * as z from "zod";
import { markOf, selectMark } from "../../db/restore-mark";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";
import { markObject, toMark } from "./restore-mark-object";

export const viewRestore = defineRoute(adminDialect, {
  operationId: "view-restore",
  method: "get",
  path: "/admin/restore",
  ...described(() => ({
    tag: "Operator",
    summary: "Whether the database was put back to an earlier moment",
    description: "What was made between the two moments is known to Stripe alone; transfers of that time are lost.",
    responses: { 200: { description: "The mark, or null", schema: z.strictObject({ data: markObject.nullable() }) } },
  })),
  access: "operator",
  load: ({ db }) => [selectMark(db)],
  find: ([rows]) => ({ mark: markOf(rows) }),
  async handle({ found: { mark } }) {
    return ok({ data: mark ? toMark(mark) : null });
  },
});
