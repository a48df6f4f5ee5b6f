import { expect, it } from "vitest";
import { journey } from "../checked";
import { applicationLists } from "./application-lists";
import { everybodysLists } from "./everybodys-lists";
import { offersLists } from "./offers-lists";
import { operatorLists } from "./operator-lists";
import { paymentsLists } from "./payments-lists";
import { transfersLists } from "./transfers-lists";
import { webhookLists } from "./webhook-lists";

const cases = [
  ...offersLists,
  ...paymentsLists,
  ...transfersLists,
  ...applicationLists,
  ...operatorLists,
  ...everybodysLists,
  ...webhookLists,
];

it("leaves out no list of the description", async () => {
  const { body } = await journey.call("GET", "/api/v1/openapi.json");
  const operations = Object.values<Record<string, Operation>>(body.paths).flatMap(({ get }) => (get ? [get] : []));
  const byCursor = operations.filter(({ parameters = [] }) => parameters.some(({ name }) => name === "starting_after"));
  const described = byCursor.flatMap(({ operationId }) => operationId.split("-or-"));
  expect(described.toSorted()).toEqual(cases.map(({ operationId }) => operationId).toSorted());
  for (const { operationId, parameters = [] } of byCursor) {
    const names = parameters.map(({ name }) => name);
    expect(names, operationId).toEqual(expect.arrayContaining(["limit", "starting_after", "ending_before", "order"]));
  }
});

interface Operation {
  operationId: string;
  parameters?: { name: string; in: string }[];
}
