import * as z from "zod";
import { type Notification, pageOfNotifications } from "../../db/offers/notifications";
import { canonicalId } from "../../domain/id";
import { notificationTypes } from "../../domain/webhooks/notification";
import { described, forDescription } from "../described";
import { nextLink } from "../next-link";
import {
  createdQuery,
  createdRangeOf,
  cursorPageOf,
  cursorUnknown,
  isByCursor,
  listQuery,
  pageMembers,
  toPageMembers,
} from "../page";
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
      "Amounts are in minor units. `meta.next_cursor` is the `cursor` of the next page, null on the last and on pages " +
      `that were asked for otherwise; \`links.next\` leads on from any page.`,
    responses: {
      200: {
        description: "One page",
        schema: z.strictObject({
          data: z.array(notificationObject()),
          links: z.strictObject({ next: z.string().nullable() }),
          meta: z.strictObject({
            per_page: z.int(),
            next_cursor: z.string().nullable(),
            ...pageMembers,
          }),
        }),
      },
    },
  })),
  access: "user",
  query: () =>
    listQuery(
      {
        cursor: text(64)
          .transform(canonicalId)
          .optional()
          .meta(
            forDescription(() => ({
              description: "`next_cursor` of the page before. It goes without the members of the other form.",
            })),
          ),
        type: z.enum(notificationTypes).optional(),
        ...createdQuery(),
      },
      ["cursor"],
    ),
  async handle({ edge, caller, query, request: { url } }) {
    const { cursor, type } = query;
    const isOfOwnForm = !isByCursor(query);
    const sent = isOfOwnForm ? { limit: perPage, starting_after: cursor } : query;
    const page = cursorPageOf(sent);
    const found = await pageOfNotifications(edge.deps.db, caller.id, { type, ...createdRangeOf(query) }, page);
    if (!found) return cursorUnknown(sent, cursor === undefined ? undefined : "cursor");
    const last = isOfOwnForm && found.hasMore ? (found.scannedTo ?? found.rows.at(-1)?.id) : undefined;
    const next = last ? withCursor(url, last) : nextLink(url, sent, found, ({ id }) => id);
    return ok({
      data: found.rows.map(toNotification),
      links: { next },
      meta: { per_page: page.limit, next_cursor: last ?? null, ...toPageMembers(found) },
    });
  },
});

function withCursor(address: string, cursor: string): string {
  const url = new URL(address);
  url.searchParams.set("cursor", cursor);
  return url.href;
}

function toNotification({ id, type, data, createdAt }: Notification) {
  return { id, type, data, createdAt: toTimestamp(createdAt) };
}
