import * as z from "zod";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { problemDialect } from "./dialect";
import { errorObject } from "./error-object";

export const viewError = defineRoute(problemDialect, {
  operationId: "view-error",
  method: "get",
  path: "/errors/:code",
  ...described(() => ({
    tag: "Service",
    summary: "One code of an error",
    responses: { 200: { description: "The code", schema: z.strictObject({ data: errorObject() }) } },
    errors: { 404: ["id_unknown"] },
  })),
  access: "anyone",
  params: () => z.object({ code: z.string() }),
  async handle({ edge, params }) {
    const { data } = (await edge.document("/errors.json")) as { data: { code: string }[] };
    const found = data.find(({ code }) => code === params.code);
    return found ? ok({ data: found }) : { refusal: "id_unknown" };
  },
});
