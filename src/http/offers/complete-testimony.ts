import { testimonyOf, testimonyReads } from "../../db/offers/testimonies";
import { described } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { offersDialect } from "./dialect";
import { testimonyParams } from "./parameters";
import { handOver } from "./visible-testimony";

export const completeTestimony = defineRoute(offersDialect, {
  operationId: "complete-testimony",
  method: "post",
  path: "/testimonies/:testimonyId/complete",
  ...described(() => ({
    tag: "Testimonies",
    summary: "Report the work as done",
    description: "By the assigned expert, once the offer was accepted.",
    responses: { 204: { description: "Completed" } },
    errors: { 403: ["not_yours"], 404: ["testimony_unknown"], 409: ["state_wrong"] },
  })),
  access: "expert",
  params: testimonyParams,
  load: ({ db, params: { testimonyId = "" } }) => testimonyReads(db, testimonyId),
  find: (rows) => testimonyOf(rows) ?? "testimony_unknown",
  permit: (caller, { testimony }) => (testimony.expertId === caller.id ? undefined : "not_yours"),
  async handle({ caller, found, perform }) {
    const result = await perform({
      name: "complete-testimony",
      input: { testimonyId: found.aggregateId, userId: caller.id, ...handOver(found) },
    });
    return result.ok ? noContent : result;
  },
});
