import { makeId } from "../../../src/domain/id";
import type { Chance } from "../../e2e/kill/chance";
import { rows } from "../../operations/rows";
import { Seller } from "../../seller";
import { boxUrl, makeEndpoint, token } from "../../webhooks/owner";
import { journey } from "../checked";
import { byMember, createdFilters, inData, type ListCase, pathWith, type Query } from "./list-case";

const states = ["pending", "delivered", "failed"];
const types = ["offer.created", "testimony.cancelled", "payout.paid"];

let atMs = Date.now();

/** Writes a delivery that nobody attempts. */
async function addDelivery(endpointId: string, random: Chance): Promise<void> {
  atMs += random.pick([0, 1, 90_000]) ?? 0;
  const bytes = crypto.getRandomValues(new Uint8Array(9));
  await rows(
    `insert into webhook_deliveries
      (endpoint_id, event_id, aggregate_id, sequence, type, state, replay, version, attempts, created_at)
      values (?, ?, 'somewhere', 1, ?, ?, 0, 1, 0, ?)`,
    endpointId,
    makeId(atMs, 0, bytes),
    random.pick(types),
    random.pick(states),
    atMs,
  );
}

export const webhookLists: readonly ListCase[] = [
  {
    ...inData,
    operationId: "list-webhook-deliveries",
    ids: ["eventId"],
    filters: { state: byMember("state"), type: byMember("type"), ...createdFilters("createdAt") },
    async open(random) {
      const [here, elsewhere] = [await makeEndpoint("main"), await makeEndpoint("other")];
      const of = (id: string) => (query: Query) =>
        journey.call("GET", pathWith(`/api/v1/webhook-endpoints/${id}/deliveries`, query), { token });
      for (let count = 0; count < 3; count += 1) await addDelivery(elsewhere.id, random);
      return {
        ask: of(here.id),
        askElsewhere: of(elsewhere.id),
        add: (chance) => addDelivery(here.id, chance),
        leaving: {
          query: { state: "pending" },
          take: ({ eventId }) => rows("update webhook_deliveries set state = 'delivered' where event_id = ?", eventId),
        },
      };
    },
  },
  {
    ...inData,
    operationId: "list-webhook-endpoints",
    ids: ["id"],
    filters: {
      enabled: {
        choose: (_, random) => String(random.often(0.5)),
        matches: (row, value) => String(row.enabled) === value,
      },
      type: {
        choose: (_, random) => random.pick(types) ?? "",
        matches: ({ events }, value) => events.includes("*") || events.includes(value),
      },
      ...createdFilters("createdAt"),
    },
    async open() {
      const seller = await Seller.register(journey);
      await makeEndpoint("main"); // the operator's
      return {
        ask: (query) => seller.ask("GET", pathWith("/webhook-endpoints", query)),
        askElsewhere: (query) => journey.call("GET", pathWith("/api/v1/webhook-endpoints", query), { token }),
        async add(random) {
          await journey.advance(random.pick([0, 1, 90]) ?? 0);
          const events = random.often(0.3) ? ["*"] : [random.pick(types)];
          const { body } = await seller.ask("POST", "/webhook-endpoints", { url: boxUrl("main"), events });
          if (random.often(0.3)) await seller.ask("PATCH", `/webhook-endpoints/${body.data.id}`, { enabled: false });
        },
        leaving: {
          query: { enabled: "true" },
          take: ({ id }) => seller.ask("PATCH", `/webhook-endpoints/${id}`, { enabled: false }),
        },
      };
    },
  },
];
