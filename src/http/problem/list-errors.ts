import * as z from "zod";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { problemDialect } from "./dialect";
import { errorObject } from "./error-object";

export const listErrors = defineRoute(problemDialect, {
  operationId: "list-errors",
  method: "get",
  path: "/errors",
  ...described(() => ({
    tag: "Service",
    summary: "Every code of an error, and what to do about it",
    responses: { 200: { description: "The catalogue", schema: z.strictObject({ data: z.array(errorObject()) }) } },
  })),
  access: "anyone",
  async handle({ edge }) {
    return ok(await edge.document("/errors.json"));
  },
});
