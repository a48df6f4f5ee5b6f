import { readFileSync } from "node:fs";
import Stripe from "stripe";
import { describe, expect, it } from "vitest";
import type { ParameterCatalogue } from "../../../src/sandbox/parameters";
import { generateSchema, schemaFile } from "./generate-schema";
import { keptEndpoints } from "./kept-endpoints";

describe("the committed schema of Stripe's parameters", () => {
  const committed = readFileSync(schemaFile, "utf8");
  const catalogue: ParameterCatalogue = JSON.parse(committed);

  it("is what `npm run stripe:schema` makes of the pinned SDK", () => {
    expect(generateSchema()).toBe(committed);
  });

  it("is of the API version that our client speaks", () => {
    expect(catalogue.apiVersion).toBe(new Stripe("sk_test_1").getApiField("version"));
  });

  it("holds every kept endpoint and nothing that admits anything", () => {
    expect(Object.keys(catalogue.operations)).toEqual(keptEndpoints);
    expect(committed).not.toMatch(/\{\}|"additionalProperties":true|__@/);
  });
});
