import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { offersDialect } from "./dialect";
import { data } from "./envelope";
import { toUser, userObject } from "./user-object";

export const viewProfile = defineRoute(offersDialect, {
  operationId: "view-profile",
  method: "get",
  path: "/me",
  ...described(() => ({
    tag: "Users",
    summary: "The current user",
    responses: { 200: { description: "The user", schema: data(userObject) } },
  })),
  access: "user",
  async handle({ caller }) {
    return ok({ data: toUser(caller) });
  },
});
