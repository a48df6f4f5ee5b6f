import * as z from "zod";
import { testimonyById } from "../../db/testimony-views";
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
    description: "Takes the testimony off the attention list; the note goes into its timeline. No money moves.",
    bodyExample: { note: "Settled with the client by telephone." },
    responses: { 204: { description: "Noted" } },
    errors: [404, 409, 422],
  })),
  access: "operator",
  params: z.object({ id: z.string() }),
  body: z.object({ note: z.string().min(1).max(noteMax) }),
  load: ({ db, params: { id = "" } }) => [testimonyById(db, id)],
  find: ([[testimony]]) => testimony ?? "testimony_unknown",
  async handle({ caller, body, found, perform }) {
    const result = await perform({
      name: "resolve-attention",
      input: { testimonyId: found.id, operator: caller.name, note: body.note },
    });
    return result.ok ? noContent : result;
  },
});
