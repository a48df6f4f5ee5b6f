import type { Chance } from "../../e2e/kill/chance";
import { rows } from "../../operations/rows";
import { journey } from "../checked";
import { byMember, createdFilters, inData, type ListCase, pathWith, type Query } from "./list-case";

/** Makes the case of a list of the operator's, who is alone; `add` makes a row. */
function operatorsList(operationId: string, path: string, add: (random: Chance) => Promise<unknown>): ListCase {
  const ask = (query: Query) => journey.operator("GET", pathWith(path, query));
  const later = async (random: Chance) => {
    await journey.advance(random.pick([0, 1, 90]) ?? 0);
    return add(random);
  };
  const open = async () => ({ ask, add: later });
  return { ...inData, operationId, ids: ["id"], filters: createdFilters("createdAt"), open };
}

let count = 0;

export const operatorLists: readonly ListCase[] = [
  operatorsList("list-developers", "/developers", () => {
    count += 1;
    return journey.operator("POST", "/developers", { name: "Shop", email: `dev-${count}@example.com` });
  }),
  operatorsList("list-users", "/users", (random) =>
    random.pick([true, false]) ? journey.registerClient() : journey.registerExpert(),
  ),
  operatorsList("list-applications", "/applications", () => {
    count += 1;
    const body = { name: "Wallet", appHandle: `wallet${count}` };
    return journey.must(201, "POST", "/applications", { body });
  }),
  {
    ...operatorsList("list-stripe-events", "/stripe-events?state=dead", async (random) => {
      count += 1;
      const { nowSeconds } = (await journey.control("GET", "clock")).body;
      const [id, type] = [`evt_${random.pick(["a", "Z"])}${count}`, random.pick(["charge.refunded", "payout.paid"])];
      const receivedAt = nowSeconds * 1000 + (random.pick([0, 1]) ?? 0);
      return rows(
        `insert into stripe_events (id, type, object_id, payload, state, version, attempts, created_at, received_at)
          values (?, ?, 'ch_1', '{}', 'dead', 1, 9, ?, ?)`,
        id,
        type,
        receivedAt - 5_000,
        receivedAt,
      );
    }),
    filters: { type: byMember("type"), ...createdFilters("createdAt") },
  },
];
