import * as z from "zod";
import { notificationsOf } from "../../db/offers/notifications";
import { canonicalId } from "../../domain/id";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { offersDialect } from "./dialect";
import { text } from "./fields";
import { notificationObject } from "./notification-object";
import { perPage } from "./paginate";
import { toTimestamp } from "./timestamp";

export const listNotifications = defineRoute(offersDialect, {
  operationId: "list-notifications",
  method: "get",
  path: "/me/notifications",
  ...described(() => ({
    tag: "Users",
    summary: "What happened to the current user",
    description:
      "Newest first. Both sides are told of every change of their money and of their case: each once, written with the " +
      "change itself. The types are a closed list; an outbound event of the same type tells the operator's endpoints. " +
      "Amounts are in minor units. `meta.next_cursor` is the `cursor` of the next page, null on the last.",
    responses: {
      200: {
        description: "One page",
        schema: z.strictObject({
          data: z.array(notificationObject()),
          meta: z.strictObject({ per_page: z.int(), next_cursor: z.string().nullable() }),
        }),
      },
    },
  })),
  access: "user",
  query: z.object({ cursor: text(64).transform(canonicalId).optional() }),
  async handle({ edge, caller, query: { cursor } }) {
    const before = cursor === undefined ? {} : { before: cursor };
    // One more row than a page shows whether there is another page.
    const found = await notificationsOf(edge.deps.db, caller.id, { ...before, limit: perPage + 1 });
    const page = found.slice(0, perPage);
    const data = page.map(({ id, type, data, createdAt }) => ({ id, type, data, createdAt: toTimestamp(createdAt) }));
    return ok({
      data,
      meta: { per_page: perPage, next_cursor: found.length > perPage ? (page.at(-1)?.id ?? null) : null },
    });
  },
});
