import * as z from "zod";
import { testimonyOf, testimonyReads } from "../../db/offers/testimonies";
import { described } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { offersDialect } from "./dialect";
import { optional, text } from "./fields";
import { testimonyParams } from "./parameters";
import { handOver, permitOwner } from "./visible-testimony";

const reasonMax = 2_000;

export const cancelTestimony = defineRoute(offersDialect, {
  operationId: "cancel-testimony",
  method: "post",
  path: "/testimonies/:testimonyId/cancel",
  ...described(() => ({
    tag: "Testimonies",
    summary: "Cancel a testimony",
    description:
      "While it is pending or offered. Open payment pages are closed; money that arrives all the same goes back.",
    bodyExample: { cancellationReason: "The house was sold." },
    responses: { 204: { description: "Cancelled" } },
    errors: { 403: ["not_yours"], 404: ["testimony_unknown"], 409: ["state_wrong"] },
  })),
  access: "client",
  params: testimonyParams,
  body: () => z.object({ cancellationReason: optional(text(reasonMax)) }),
  load: ({ db, params: { testimonyId = "" } }) => testimonyReads(db, testimonyId),
  find: (rows) => testimonyOf(rows) ?? "testimony_unknown",
  permit: permitOwner,
  async handle({ caller, body, found, perform }) {
    const { cancellationReason } = body;
    const result = await perform({
      name: "cancel-testimony",
      input: { testimonyId: found.aggregateId, userId: caller.id, cancellationReason, ...handOver(found) },
    });
    return result.ok ? noContent : result;
  },
});
