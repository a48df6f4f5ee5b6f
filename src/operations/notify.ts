import type { Statement } from "../db/database";
import { insertNotifications } from "../db/notifications";
import { homeOf } from "../domain/id";
import { isNotification, shownOf } from "../domain/notification";
import type { News } from "./change";
import type { Deps } from "./deps";

/** Makes the notifications of a change from its events, for the change's own batch. */
export function notify(deps: Deps, events: readonly News[]): Statement[] {
  const told = events.flatMap(({ type, data, to }) => {
    if (!isNotification(type)) return [];
    const row = { type, data: shownOf(type, data), createdAt: deps.nowMs() };
    return Object.values(to ?? {}).flatMap((userId) => (userId === null ? [] : [{ userId, ...row }]));
  });
  const rows = [...Map.groupBy(told, ({ userId }) => userId)].flatMap(([userId, list]) => {
    // Notifications are listed by id, so sorted ids keep the order within one change.
    const ids = list.map(() => deps.newId(homeOf(userId))).sort();
    return list.map((row, position) => ({ id: ids[position] ?? "", ...row }));
  });
  return rows.length === 0 ? [] : [insertNotifications(deps.db, rows)];
}
