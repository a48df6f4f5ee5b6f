import * as z from "zod";
import { selectDeveloper, selectDeveloperTokens } from "../../db/payments/developers";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { developerObject, developerTokenObject, toDeveloper, toDeveloperToken } from "./developer-object";
import { adminDialect } from "./dialect";

export const viewDeveloper = defineRoute(adminDialect, {
  operationId: "view-developer",
  method: "get",
  path: "/admin/developers/:id",
  ...described(() => ({
    tag: "Operator",
    summary: "One developer, with the tokens",
    responses: {
      200: {
        description: "The developer",
        schema: z.strictObject({
          data: z.strictObject({ ...developerObject.shape, tokens: z.array(developerTokenObject) }),
        }),
      },
    },
    errors: { 404: ["developer_unknown"] },
  })),
  access: "operator",
  params: z.object({ id: z.string() }),
  load: ({ db, params: { id = "" } }) => [selectDeveloper(db, id), selectDeveloperTokens(db, id)],
  find: ([[developer], tokens]) => (developer ? { developer, tokens } : "developer_unknown"),
  async handle({ found: { developer, tokens } }) {
    return ok({ data: { ...toDeveloper(developer), tokens: tokens.map(toDeveloperToken) } });
  },
});
