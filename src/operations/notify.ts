import type { Statement } from "../db/database";
import { insertNotifications } from "../db/notifications";
import { homeOf } from "../domain/id";
import { isNotification, shownOf } from "../domain/notification";
import type { News } from "./change";
import type { Deps } from "./deps";

/** The notifications of a change, for its own batch: what its events say, to whomever they name. */
export function notify(deps: Deps, events: readonly News[]): Statement[] {
  const rows = events.flatMap(({ type, data, to }) => {
    if (!isNotification(type)) return [];
    const shown = shownOf(type, data);
    return Object.values(to ?? {}).flatMap((userId) =>
      userId === null ? [] : [{ userId, id: deps.newId(homeOf(userId)), type, data: shown, createdAt: deps.nowMs() }],
    );
  });
  return rows.length === 0 ? [] : [insertNotifications(deps.db, rows)];
}
