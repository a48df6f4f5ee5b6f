import * as z from "zod";
import { sessionsOf } from "../../db/offers/tokens";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";
import { namedUser, toViewedUser, userParams, viewedUserObject } from "./user-object";

export const viewUser = defineRoute(adminDialect, {
  operationId: "view-user",
  method: "get",
  path: "/admin/users/:id",
  ...described(() => ({
    tag: "Operator",
    summary: "One user, with the sessions",
    description:
      "The view is recorded in the user's timeline under the operator's name, because it shows personal data.",
    responses: { 200: { description: "The user", schema: z.strictObject({ data: viewedUserObject }) } },
    errors: [404],
  })),
  access: "operator",
  params: userParams,
  ...namedUser,
  async handle({ edge, caller, found, perform }) {
    const noted = await perform({ name: "note-user-view", input: { userId: found.id, operator: caller.name } });
    if (!noted.ok) return noted;
    const { db, nowMs } = edge.deps;
    const [sessions] = await db.batch([sessionsOf(db, found.id, nowMs())]);
    return ok({ data: toViewedUser(found, sessions) });
  },
});
