import * as z from "zod";
import { pageOfApps } from "../../db/payments/developers";
import { described } from "../described";
import { createdQuery, createdRangeOf, cursorPageOf, listQuery } from "../page";
import { defineRoute } from "../serve";
import { appObject, toApp } from "./app-object";
import { paymentsDialect } from "./dialect";
import { answerEnvelope, pageLinks, pageMeta } from "./page-by-cursor";
import { envelopeObject } from "./print-success";

export const listApps = defineRoute(paymentsDialect, {
  operationId: "list-apps",
  method: "get",
  path: "/apps",
  ...described(() => ({
    tag: "Apps and users",
    summary: "The developer's apps",
    responses: {
      200: {
        description: "One page",
        schema: envelopeObject({ data: z.array(appObject), meta: pageMeta, links: pageLinks }),
      },
    },
  })),
  access: "developer",
  scope: "payments",
  query: () => listQuery(createdQuery()),
  async handle({ edge, caller, query, request }) {
    const found = await pageOfApps(edge.deps.db, caller.developer.id, createdRangeOf(query), cursorPageOf(query));
    return answerEnvelope(query, found, { print: toApp, idOf: ({ id }) => id }, request);
  },
});
