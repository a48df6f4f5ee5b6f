import * as z from "zod";
import { type Hit, hitKinds, matches, search as searchFor } from "../../db/operator/search";
import { canonicalId } from "../../domain/id";
import { readTagAddress } from "../../domain/transfers/tag";
import { described } from "../described";
import { compact, readEmail } from "../identifying-text";
import { basePath } from "../mount";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";
import { maskEmail } from "./print-row";

/** The path of what is found; the timeline of everything that has no page of its own. */
const paths: Partial<Record<Hit["kind"], string>> = {
  testimony: "testimonies/",
  payment: "payments/",
  transfer: "transfers/",
  user: "users/",
  developer: "developers/",
  stripe_event: "stripe-events/",
  delivery: "webhook-deliveries/",
  settlement_day: "settlement-days/",
};

export const search = defineRoute(adminDialect, {
  operationId: "search",
  method: "get",
  path: "/admin/search",
  ...described(() => ({
    tag: "Operator",
    summary: "What a text names",
    description:
      "At most twenty things. The text is an id of ours or Stripe's, of whatever kind; a transfer's reference; a tag; an application's handle; an e-mail or a phone of a client or an expert, and an e-mail of a developer; or an order's id. It is compared as a whole. `path` is where the API shows it.",
    responses: {
      200: {
        description: "Empty if it names nothing",
        schema: z.strictObject({
          data: z.array(
            z
              .strictObject({
                kind: z.enum(hitKinds),
                id: z.string(),
                label: z.string().nullable().meta({ description: "An e-mail is masked." }),
                path: z.string(),
                matchedBy: z.enum(matches),
              })
              .meta({ id: "SearchHit" }),
          ),
        }),
      },
    },
  })),
  access: "operator",
  query: () => z.object({ q: z.string().trim().min(1).max(255) }),
  async handle({ edge, query: { q } }) {
    const phone = /^\+\d{7,15}$/.exec(compact(q))?.[0];
    const readings = { text: canonicalId(q), email: readEmail(q), phone, tag: readTagAddress(q) };
    const hits = await searchFor(edge.deps.db, readings);
    return ok({ data: hits.map(toHit) });
  },
});

function toHit({ label, ...hit }: Hit) {
  const { kind, id } = hit;
  const path = `${basePath}/admin/${paths[kind] ?? "timeline?id="}${encodeURIComponent(id)}`;
  return { ...hit, label: kind === "user" && label !== null ? maskEmail(label) : label, path };
}
