import * as z from "zod";
import { described, forDescription } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { offersDialect } from "./dialect";

export const endSession = defineRoute(offersDialect, {
  operationId: "end-session",
  method: "delete",
  path: "/me/sessions/:id",
  ...described(() => ({
    tag: "Users",
    summary: "End a session",
    description: "Its token works no more. The session of the request itself may be ended too.",
    responses: { 204: { description: "Ended" } },
    errors: { 404: ["user_session_unknown"] },
  })),
  access: "user",
  securityEvent: "session_ended",
  params: () => z.object({ id: z.string().meta(forDescription(() => ({ description: "Id of the session." }))) }),
  async handle({ caller, params: { id: sessionId = "" }, perform }) {
    const result = await perform({ name: "end-session", input: { userId: caller.id, sessionId } });
    return result.ok ? noContent : result;
  },
});
