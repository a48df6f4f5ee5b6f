import type { Chance } from "../../e2e/kill/chance";
import { journey } from "../checked";
import { createdFilters, inData, type ListCase, pathWith, type Query } from "./list-case";

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
  operatorsList("list-applications", "/applications", () => {
    count += 1;
    const body = { name: "Wallet", appHandle: `wallet${count}` };
    return journey.must(201, "POST", "/applications", { body });
  }),
];
