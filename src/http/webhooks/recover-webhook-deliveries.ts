import { rehearse } from "../../operations/perform";
import { described } from "../described";
import { dryRunQuery } from "../dry-run";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { webhooksDialect } from "./dialect";
import { idParam } from "./fields";
import { ownEndpoint } from "./own";
import { countOf, recovered, recoveryBody, recoveryOf, recoveryResponses } from "./recovery";

export const recoverWebhookDeliveries = defineRoute(webhooksDialect, {
  operationId: "recover-webhook-deliveries",
  method: "post",
  path: "/webhook-endpoints/:id/recover",
  ...described(() => ({
    tag: "Webhooks",
    summary: "Send everything again that failed since a moment",
    description:
      "Every event told since then whose delivery failed, oldest first: the same message ids and bodies, once each. While `hasMore` is true, ask again, with the answer's `since`. A request looks at 5,000 at most.",
    bodyExample: { since: "2026-11-01T00:00:00Z" },
    responses: recoveryResponses,
    errors: { 404: ["endpoint_unknown"] },
  })),
  access: "owner",
  scope: "webhooks",
  params: idParam,
  query: dryRunQuery,
  body: recoveryBody,
  ...ownEndpoint,
  async handle({ edge, caller, params: { id = "" }, body, query, perform }) {
    const input = { owner: caller.owner, id, ...recoveryOf(body) };
    const command = { name: "recover-webhook-deliveries", input } as const;
    if (query.dry_run) {
      const would = await rehearse(edge.deps, command);
      return would.ok ? ok({ data: countOf(would.value) }) : would;
    }
    const result = await perform(command);
    return result.ok ? recovered(result.value) : result;
  },
});
