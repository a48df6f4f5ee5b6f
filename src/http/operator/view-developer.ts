import * as z from "zod";
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
    description:
      "The view is recorded in the developer's timeline under the operator's name, because it shows personal data.",
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
  securityEvent: "personal_data_viewed",
  params: () => z.object({ id: z.string() }),
  async handle({ caller, params: { id = "" }, perform }) {
    const result = await perform({ name: "view-developer", input: { developerId: id, operator: caller.name } });
    if (!result.ok) return result;
    const { developer, tokens } = result.value;
    return ok({ data: { ...toDeveloper(developer), tokens: tokens.map(toDeveloperToken) } });
  },
});
