import * as z from "zod";
import { bearerToken } from "../bearer";
import { described } from "../described";
import { problemRequestErrors } from "../problem/dialect";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { adminDialect, operatorOf } from "./dialect";
import { newSession, sessionCookie } from "./session";
import { sessionObject, toSessionObject } from "./session-object";

export const beginOperatorSession = defineRoute(adminDialect, {
  operationId: "begin-operator-session",
  method: "post",
  path: "/admin/session",
  scope: "any",
  ...described(() => ({
    tag: "Operator",
    summary: "Sign in to the console, or unlock it",
    description:
      "Takes the operator's token as a bearer token, once, and answers a cookie that scripts cannot read: for eight hours with the scope `read`, for the first fifteen minutes with `write` if that is asked for. The cookie is taken only from the console's own page. A session itself may ask for `read`, which locks it.",
    bodyExample: { scope: "read" },
    responses: { 200: { description: "The session", schema: z.strictObject({ data: sessionObject }) } },
    errors: { 403: ["scope_missing"] },
  })),
  access: "operator",
  securityEvent: "login",
  keyed: false,
  evenInRecovery: true,
  body: () => z.object({ scope: z.enum(["read", "write"]).default("read") }),
  async handle({ edge, request, caller, body: { scope }, headers }) {
    const { session } = caller;
    const token = bearerToken(request.headers);
    const known = session
      ? edge.settings.adminTokens.find(({ name }) => name === session.name)
      : operatorOf(edge, token ?? "");
    if (!known || (session && scope === "write")) {
      return { answer: { ...problemRequestErrors.unauthenticated, code: "unauthenticated" } };
    }
    if (known.reads && scope === "write") return { refusal: "scope_missing", detail: "write" };
    const begun = { ...newSession(known.name, scope), ...(session && { endsAt: session.endsAt }) };
    headers.set("Set-Cookie", await sessionCookie(edge, known.token, begun));
    return ok({ data: toSessionObject(known.name, scope, begun) });
  },
});
