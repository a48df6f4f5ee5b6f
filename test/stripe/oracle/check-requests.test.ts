import { expect, it } from "vitest";
import { checkRequests } from "./check-requests";
import { outsideSchema, probes } from "./probes";

const ours = probes.filter(({ path }) => path !== outsideSchema);

it.each(ours)("$method $path: $name", ({ method, path, form, refused }) => {
  expect(checkRequests([{ method, path, params: form }]).length > 0).toBe(refused !== undefined);
});

it("takes values before they become text", () => {
  const params = { amount: 100, currency: "eur", confirm: true, metadata: { order: 7, note: null }, description: "…" };

  expect(checkRequests([{ method: "POST", path: "/v1/payment_intents", params }])).toEqual([]);
});

it("says what is wrong, and refuses a call that is not listed", () => {
  expect(
    checkRequests([
      { method: "POST", path: "/v1/refunds", params: { charge: "ch_1", amounts: 1 } },
      { method: "GET", path: "/v1/balance", params: {} },
      { method: "POST", path: outsideSchema, params: {} },
    ]),
  ).toEqual([
    {
      method: "POST",
      path: "/v1/refunds",
      problems: ['/ must NOT have additional properties {"additionalProperty":"amounts"}'],
    },
    {
      method: "POST",
      path: outsideSchema,
      problems: ["POST /v1/products is not in the schema; see kept-endpoints"],
    },
  ]);
});
