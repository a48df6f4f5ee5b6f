import * as z from "zod";
import { bearerToken } from "../bearer";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { adminDialect, operatorOf } from "./dialect";
import { sessionObject, toSessionObject } from "./session-object";

export const viewOperatorSession = defineRoute(adminDialect, {
  operationId: "view-operator-session",
  method: "get",
  path: "/admin/session",
  ...described(() => ({
    tag: "Operator",
    summary: "Who is signed in, and with which scope",
    responses: { 200: { description: "The session", schema: z.strictObject({ data: sessionObject }) } },
  })),
  access: "operator",
  async handle({ edge, request, caller: { name, session } }) {
    const reads = operatorOf(edge, bearerToken(request.headers) ?? "")?.reads;
    return ok({ data: toSessionObject(name, session?.scope ?? (reads ? "read" : "write"), session) });
  },
});
