import type { Statement } from "../db/database";
import { insertNotifications } from "../db/notifications";
import { homeOf } from "../domain/id";
import { isNotification, shownOf } from "../domain/notification";
import type { News } from "./change";
import type { Deps } from "./deps";

/** The notifications of a change, for its own batch: what its events say, to whomever they name. */
export function notify(deps: Deps, events: readonly News[]): Statement[] {
  const told = events.flatMap(({ type, data, to }) => {
    if (!isNotification(type)) return [];
    const row = { type, data: shownOf(type, data), createdAt: deps.nowMs() };
    return Object.values(to ?? {}).flatMap((userId) => (userId === null ? [] : [{ userId, ...row }]));
  });
  const rows = [...Map.groupBy(told, ({ userId }) => userId)].flatMap(([userId, list]) => {
    // People read by id: what one change tells stays in its order.
    const ids = list.map(() => deps.newId(homeOf(userId))).sort();
    return list.map((row, position) => ({ id: ids[position] ?? "", ...row }));
  });
  return rows.length === 0 ? [] : [insertNotifications(deps.db, rows)];
}
