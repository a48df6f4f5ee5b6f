import type { ListWebhookEndpointsResult } from "#operator";
import { Act } from "../action";
import { operator } from "../api";
import { State } from "../parts/icon";
import { Id } from "../parts/id";
import { Time } from "../parts/time";
import { ListScreen } from "./list";

type Endpoint = ListWebhookEndpointsResult["data"][number];

export function WebhooksScreen() {
  return (
    <ListScreen<Endpoint>
      title="Webhooks"
      path="/api/v1/webhook-endpoints"
      read={(query) => operator.listWebhookEndpoints({ query })}
      keyOf={({ id }) => id}
      empty="An endpoint is told of what happens: POST /api/v1/webhook-endpoints."
      columns={[
        { title: "Endpoint", cell: ({ url }) => <bdi>{url}</bdi> },
        { title: "Events", cell: ({ events }) => events.join(", ") },
        {
          title: "State",
          cell: ({ enabled }) => <State tone={enabled ? "good" : "off"}>{enabled ? "on" : "off"}</State>,
        },
        { title: "Since", cell: ({ createdAt }) => <Time at={createdAt} /> },
        { title: "Id", cell: ({ id }) => <Id id={id} /> },
        {
          title: "Do",
          cell: ({ id, enabled }) => (
            <Act
              label={enabled ? "Switch off" : "Switch on"}
              action={{
                operation: "update-webhook-endpoint",
                method: "PATCH",
                path: `/api/v1/webhook-endpoints/${id}`,
                object: id,
                seen: String(enabled),
                body: { enabled: !enabled },
              }}
            />
          ),
        },
      ]}
    />
  );
}
