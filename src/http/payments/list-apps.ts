import * as z from "zod";
import { selectApps } from "../../db/payments/developers";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { appObject, toApp } from "./app-object";
import { paymentsDialect } from "./dialect";
import { envelopePage, pageLinks, pageMeta, pageQuery } from "./page-by-cursor";
import { envelopeObject } from "./print-success";

export const listApps = defineRoute(paymentsDialect, {
  operationId: "list-apps",
  method: "get",
  path: "/apps",
  ...described(() => ({
    tag: "Apps and users",
    summary: "The developer's apps",
    description: "Newest first.",
    responses: {
      200: {
        description: "One page",
        schema: envelopeObject({ data: z.array(appObject), meta: pageMeta, links: pageLinks }),
      },
    },
  })),
  access: "developer",
  query: z.object(pageQuery),
  async handle({ edge, caller, query: { starting_after: after, limit }, request }) {
    const { db } = edge.deps;
    const [rows] = await db.batch([selectApps(db, caller.developer.id, { after, limit: limit + 1 })]);
    return ok(envelopePage(rows, { limit, print: toApp, idOf: ({ id }) => id }, request));
  },
});
