import * as z from "zod";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { webhooksDialect } from "./dialect";
import { endpointObject, toEndpoint } from "./endpoint-object";
import { endpointFields, idParam } from "./fields";
import { ownEndpoint } from "./own";
import { refuseTarget } from "./target";

export const updateWebhookEndpoint = defineRoute(webhooksDialect, {
  operationId: "update-webhook-endpoint",
  method: "patch",
  path: "/webhook-endpoints/:id",
  ...described(() => ({
    tag: "Webhooks",
    summary: "Change a webhook endpoint",
    description: "Omitted members stay as they are. Switching it on again clears its health.",
    bodyExample: { enabled: true },
    responses: { 200: { description: "The endpoint", schema: z.strictObject({ data: endpointObject }) } },
    errors: {
      404: ["endpoint_unknown"],
      422: [
        "target_address_literal_forbidden",
        "target_credentials_forbidden",
        "target_name_forbidden",
        "target_not_a_url",
        "target_port_forbidden",
        "target_scheme_forbidden",
      ],
    },
  })),
  access: "owner",
  scope: "webhooks",
  params: idParam,
  bodyLimitBytes: 32 * 1024,
  body: () => z.object({ ...endpointFields(), description: endpointFields().description.nullable() }).partial(),
  ...ownEndpoint,
  async handle({ edge, caller, params: { id = "" }, body, perform }) {
    const refused = refuseTarget(edge, body.url);
    if (refused) return refused;
    const said = Object.entries(body).filter(([, value]) => value !== undefined);
    const result = await perform({
      name: "update-webhook-endpoint",
      input: { ...caller, id, changes: Object.fromEntries(said) },
    });
    return result.ok ? ok({ data: toEndpoint(result.value) }) : result;
  },
});
