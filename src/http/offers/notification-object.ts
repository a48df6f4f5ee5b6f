import * as z from "zod";
import { type NotificationType, notifications, notificationTypes, type Side } from "../../domain/webhooks/notification";
import { forDescription } from "../described";
import { catalogue } from "../webhooks/catalogue";
import { componentName } from "../webhooks/event-envelope";
import { timestamp } from "./timestamp";

/**
 * The members of its event's data that each notification shows. The type admits no member that the event does not have.
 */
const shown: {
  readonly [Type in NotificationType]: {
    readonly data: readonly (keyof (typeof catalogue)[Type]["data"]["shape"])[];
  } & Partial<Record<Side, string>>;
} = notifications;

/**
 * Makes the schema of a notification: one of the closed list, each type with the schema of its data and its recipients.
 */
export function notificationObject() {
  const [first, ...more] = notificationTypes;
  return z
    .discriminatedUnion("type", [ofType(first), ...more.map(ofType)])
    .meta(forDescription(() => ({ id: "Notification" })));
}

function ofType(type: NotificationType) {
  const { data, client, expert } = shown[type];
  const shape: z.ZodRawShape = catalogue[type].data.shape;
  const members = Object.fromEntries(data.flatMap((name) => (shape[name] ? [[name, shape[name]]] : [])));
  const told = [...(client ? [`To the client: ${client}`] : []), ...(expert ? [`To the expert: ${expert}`] : [])];
  return z
    .strictObject({ id: z.string(), type: z.literal(type), data: z.strictObject(members), createdAt: timestamp })
    .meta(forDescription(() => ({ id: `${componentName(type)}Notification`, description: told.join(" ") })));
}
