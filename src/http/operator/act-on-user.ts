import type { described } from "../described";
import { noContent } from "../route";
import type { SecurityEvent } from "../security-event";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";
import { namedUser, noteBody, userParams } from "./user-object";

/** Makes the route by which an operator does something about a user, with a note that says why. */
export function actOnUser(
  name: "suspend-user" | "restore-user" | "end-user-sessions" | "delete-user",
  path: string,
  securityEvent: SecurityEvent,
  description: ReturnType<typeof described>,
) {
  return defineRoute(adminDialect, {
    operationId: name,
    method: "post",
    path: `/admin/users/:id/${path}`,
    ...description,
    access: "operator",
    securityEvent,
    params: userParams,
    body: noteBody,
    ...namedUser,
    async handle({ caller, body, found, perform }) {
      const result = await perform({ name, input: { userId: found.id, operator: caller.name, note: body.note } });
      return result.ok ? noContent : result;
    },
  });
}
