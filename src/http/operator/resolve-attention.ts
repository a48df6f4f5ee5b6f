import * as z from "zod";
import { testimonyById } from "../../db/offers/testimony-views";
import { attentionKinds } from "../../domain/attention";
import { described } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";

const noteMax = 500;

export const resolveAttention = defineRoute(adminDialect, {
  operationId: "resolve-attention",
  method: "post",
  path: "/admin/testimonies/:id/resolve-attention",
  ...described(() => ({
    tag: "Operator",
    summary: "Say that somebody has looked",
    description:
      "Ends the reasons of one kind, or all that a note can end; the note goes into the timeline. No money moves. A held payout and an open dispute are ended by what they wait for.",
    bodyExample: { note: "Settled with the client by telephone." },
    responses: { 204: { description: "Noted" } },
    errors: { 404: ["testimony_unknown"], 409: ["state_wrong"] },
  })),
  access: "operator",
  params: () => z.object({ id: z.string() }),
  body: () => z.strictObject({ note: z.string().min(1).max(noteMax), kind: z.enum(attentionKinds).optional() }),
  load: ({ db, params: { id = "" } }) => [testimonyById(db, id)],
  find: ([[testimony]]) => testimony ?? "testimony_unknown",
  async handle({ caller, body, found, perform }) {
    const result = await perform({
      name: "resolve-attention",
      input: { testimonyId: found.id, operator: caller.name, ...body },
    });
    return result.ok ? noContent : result;
  },
});
