import * as z from "zod";
import { batchFields, selectRecord } from "../../db/operator/lists";
import { selectCall } from "../../db/stripe-effects";
import { firstDay } from "../../domain/transfers/day";
import { described } from "../described";
import { isCalendarDay } from "../instant-query";
import { ok, type Route } from "../route";
import { ownDelivery, ownEndpoint } from "../webhooks/own";
import { countOf, recovered, recoveryBody, recoveryOf, recoveryResponses } from "../webhooks/recovery";
import { printRow, rowObject } from "./print-row";
import { noteBody } from "./user-object";
import { writeRoute } from "./write-route";

const note = { note: "The receiver has mended its server." };

/** The writes by which an operator has something done again, or at once. */
export const writeAgainRoutes: readonly Route[] = [
  writeRoute({
    operationId: "resend-delivery-of-any",
    path: "/admin/webhook-deliveries/:id/resend",
    ...described(() => ({
      tag: "Operator",
      summary: "Send one delivery of any owner again",
      description:
        "As its owner can: the same message id and body, signed with the present secret, once. 409 while it is on its way again already.",
      bodyExample: note,
      responses: { 202: { description: "On its way" } },
      errors: { 404: ["delivery_unknown"], 409: ["event_erased", "state_wrong"] },
    })),
    name: "resend-webhook-delivery",
    body: noteBody,
    load: ownDelivery.load,
    find: ownDelivery.find,
    input: ({ operator, body, found: { owner, delivery } }) => ({
      owner,
      endpointId: delivery.endpointId,
      eventId: delivery.eventId,
      by: { operator, note: body.note },
    }),
    answer: () => ({ status: 202 }),
  }),
  writeRoute({
    operationId: "recover-deliveries-of-any",
    path: "/admin/webhook-endpoints/:id/recover",
    ...described(() => ({
      tag: "Operator",
      summary: "Send everything again that failed at an endpoint of any owner",
      description: "As its owner can. A `dry_run` only counts what this one request would send again.",
      bodyExample: { since: "2026-11-01T00:00:00Z", ...note },
      responses: recoveryResponses,
      errors: { 404: ["endpoint_unknown"] },
    })),
    name: "recover-webhook-deliveries",
    body: () => recoveryBody().extend(noteBody().shape),
    load: ownEndpoint.load,
    find: ownEndpoint.find,
    input: ({ operator, body, found: { owner, id } }) => ({
      owner,
      id,
      ...recoveryOf(body),
      by: { operator, note: body.note },
    }),
    answer: recovered,
    tried: countOf,
  }),
  writeRoute({
    operationId: "retry-webhook-of-any",
    path: "/admin/transfer-webhooks/:id/retry",
    ...described(() => ({
      tag: "Operator",
      summary: "Tell an application once more about a transfer",
      description: "Only what has failed, as the application itself can.",
      bodyExample: note,
      responses: { 202: { description: "On its way" } },
      errors: { 404: ["id_unknown"], 409: ["webhook_not_failed"] },
    })),
    name: "retry-transfer-webhook",
    body: noteBody,
    load: ({ db, params: { id = "" } }) => [selectRecord(db, id)],
    find: ([[record]]) => record ?? "id_unknown",
    input: ({ operator, body, found: { applicationId, id } }) => ({
      applicationId,
      id,
      by: { operator, note: body.note },
    }),
    answer: () => ({ status: 202 }),
  }),
  writeRoute({
    operationId: "retry-stripe-call",
    path: "/admin/stripe-calls/:aggregate/:id/retry",
    ...described(() => ({
      tag: "Operator",
      summary: "Try a call at Stripe again now",
      description:
        "Under the rules by which it is repeated: the same idempotency key, or a look at Stripe first. It happens once, however often it is tried. 409 for a call that has ended, or is due already.",
      bodyExample: { note: "Stripe's status page says that it works again." },
      responses: { 202: { description: "Due now" } },
      errors: { 404: ["call_unknown"], 409: ["state_wrong"] },
    })),
    name: "retry-stripe-call",
    body: noteBody,
    load: ({ db, params: { aggregate = "", id = "" } }) => [selectCall(db, aggregate, id)],
    find: ([[call]]) => call ?? "call_unknown",
    input: ({ operator, body, found }) => ({ ...found, operator, note: body.note }),
    answer: () => ({ status: 202 }),
  }),
  writeRoute({
    operationId: "settle-day-of-all",
    path: "/admin/settlement-days/:day/settle",
    ...described(() => ({
      tag: "Operator",
      summary: "Settle a day",
      description:
        "As an administrator of the transfers contract can: the day is closed first, then counted in every currency, and what has failed is counted again. A day that is settled answers what it was.",
      bodyExample: { note: "The wrong entry is corrected." },
      responses: {
        200: {
          description: "Its batches",
          schema: z.strictObject({ data: z.array(rowObject("SettledBatch", batchFields)) }),
        },
      },
      errors: { 404: ["id_unknown"], 409: ["day_not_over"] },
    })),
    name: "settle-day",
    body: noteBody,
    find: (_, { day = "" }) => (isCalendarDay(day) && day >= firstDay ? { day } : "id_unknown"),
    input: ({ operator, body, found: { day } }) => ({ day, by: { operator, note: body.note } }),
    answer: ({ batches }) => ok({ data: batches.map((batch) => printRow(batch, batchFields)) }),
  }),
];
