import * as z from "zod";
import { testimonyById } from "../../db/offers/testimony-views";
import { described } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { offersDialect } from "./dialect";
import { optional, text } from "./fields";
import { testimonyParams } from "./parameters";
import { permitOwner } from "./visible-testimony";

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
  load: ({ db, params: { testimonyId = "" } }) => [testimonyById(db, testimonyId)],
  find: ([[testimony]]) => (testimony ? { testimony } : "testimony_unknown"),
  permit: permitOwner,
  async handle({ caller, body, found: { testimony }, perform }) {
    const { cancellationReason } = body;
    const result = await perform({
      name: "cancel-testimony",
      input: { testimonyId: testimony.id, userId: caller.id, cancellationReason },
    });
    return result.ok ? noContent : result;
  },
});
