import type { OutboxEvent } from "../db/commit";
import type { Statement } from "../db/database";
import { insertNotifications } from "../db/offers/notifications";
import { bucketOf } from "../domain/id";
import {
  isNotification,
  type NotificationType,
  type OtherEventType,
  type Recipients,
  shownOf,
} from "../domain/webhooks/notification";

import type { Deps } from "./deps";

/** Makes the notifications of a change from its events, for the change's own batch. */
export function notify(deps: Deps, events: readonly NewEvent[]): Statement[] {
  const told = events.flatMap(({ type, data, to }) => {
    if (!isNotification(type)) return [];
    const row = { type, data: shownOf(type, data), createdAt: deps.nowMs() };
    return Object.values(to ?? {}).flatMap((userId) => (userId === null ? [] : [{ userId, ...row }]));
  });
  const rows = [...Map.groupBy(told, ({ userId }) => userId)].flatMap(([userId, list]) => {
    // Notifications are listed by id, so sorted ids keep the order within one change.
    const ids = list.map(() => deps.newId(bucketOf(userId))).sort();
    return list.map((row, position) => ({ id: ids[position] ?? "", ...row }));
  });
  return rows.length === 0 ? [] : [insertNotifications(deps.db, rows)];
}

/**
 * An event of a change. If its type notifies people, `to` names them: one person, or null, for each side that the type
 * has a text for.
 */
export type NewEvent = Omit<OutboxEvent, "id" | "type"> & { id?: string } & (
    | { type: OtherEventType; to?: never }
    | { [Type in NotificationType]: { type: Type; to: Recipients<Type> } }[NotificationType]
  );
