import * as z from "zod";
import { aggregatesNamedBy, aggregatesOfOrder, type Named } from "../../db/operator/named-by";
import { timelineOf } from "../../db/operator/timeline";
import { minuteMs } from "../../domain/time";
import { described, forDescription } from "../described";
import { idQuery } from "../page";
import { timeOfRequest } from "../request-id";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";
import { printTimeline, timelineEntries } from "./timeline";

const ofOrder = "developer_id and app_id name an order together: send both, or neither";

export const viewTimeline = defineRoute(adminDialect, {
  operationId: "view-timeline",
  method: "get",
  path: "/admin/timeline",
  ...described(() => ({
    tag: "Operator",
    summary: "Everything that happened to whatever an id leads to, in order",
    description:
      "By any id that a person holds: ours (of a testimony, an offer, a checkout, a payout, a refund, a payment, a transfer, an order, a user, an account, a tenant, an endpoint, an event that was told, a delivery, a call at Stripe or its idempotency key there, a wallet or an entry of it, a request), Stripe's, a transfer's reference; an order's own id with `developer_id` and `app_id`. Changes and who made them, calls to Stripe and events from it, ledger lines, what was told, to whom, and every attempt to deliver it. An order's timeline is its own with those of its payments.",
    responses: {
      200: {
        description: "The timeline, oldest first. `aggregates` are those that the id leads to.",
        schema: z.strictObject({
          data: z.strictObject({ id: z.string(), aggregates: z.array(z.string()), entries: timelineEntries }),
        }),
      },
    },
    errors: { 404: ["id_unknown"] },
  })),
  access: "operator",
  securityEvent: "personal_data_viewed",
  query: () =>
    z
      .object({
        id: z.string().max(255),
        developer_id: idQuery().optional(),
        app_id: idQuery().optional(),
        at: z.iso
          .datetime()
          .optional()
          .meta(
            forDescription(() => ({
              description: "About when, within a minute: for the id of a request that its caller chose.",
            })),
          ),
      })
      .refine(({ developer_id, app_id }) => (developer_id === undefined) === (app_id === undefined), {
        path: ["app_id"],
        message: ofOrder,
      }),
  async handle({ edge, query: { id, developer_id: developerId, app_id: appId, at } }) {
    const { db, nowMs } = edge.deps;
    const requestedMs = at === undefined ? timeOfRequest(id) : Date.parse(at);
    const asked =
      developerId !== undefined && appId !== undefined
        ? aggregatesOfOrder(db, { developerId, appId, orderId: id })
        : aggregatesNamedBy(db, id, requestedMs === undefined ? undefined : untilMs(requestedMs, nowMs()));
    const [first, ...rest] = asked;
    const named = (await db.batch([first, ...rest])) as Named[][];
    const aggregates = [...new Set(named.flat().flatMap(({ aggregateId }) => aggregateId ?? []))];
    if (aggregates.length === 0) return { refusal: "id_unknown" } as const;
    edge.about = aggregates.join();
    return ok({ data: { id, aggregates, entries: printTimeline(await timelineOf(db, aggregates)) } });
  },
});

/** The longest time that a request runs: it changes nothing after it. */
const requestLastsMs = 2 * minuteMs;

/**
 * Returns the moment after which the request changed nothing. The sandbox's clock may have been ahead of the world's.
 */
function untilMs(requestedMs: number, nowMs: number): number {
  return requestedMs + requestLastsMs + Math.max(0, nowMs - Date.now());
}
