import * as z from "zod";
import { testimonyById } from "../../db/offers/testimony-views";
import { described } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";

export const retryPayout = defineRoute(adminDialect, {
  operationId: "retry-payout",
  method: "post",
  path: "/admin/testimonies/:id/retry-payout",
  ...described(() => ({
    tag: "Operator",
    summary: "Send a payout again that Stripe has refused, or look again at a held one",
    description:
      "After what was wrong has been mended. What still holds a payout goes on holding it, and it is sent once, whatever happens.",
    responses: { 204: { description: "Under way" } },
    errors: { 404: ["testimony_unknown"], 409: ["state_wrong"] },
  })),
  access: "operator",
  params: () => z.object({ id: z.string() }),
  load: ({ db, params: { id = "" } }) => [testimonyById(db, id)],
  find: ([[testimony]]) => testimony ?? "testimony_unknown",
  async handle({ caller, found, perform }) {
    const result = await perform({ name: "retry-payout", input: { testimonyId: found.id, operator: caller.name } });
    return result.ok ? noContent : result;
  },
});
