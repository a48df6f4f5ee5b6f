import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { type ParameterCatalogue, parametersError } from "../../../src/sandbox/parameters";
import { checkRequests } from "./check-requests";
import { schemaFile } from "./generate-schema";
import { keptEndpoints } from "./kept-endpoints";
import { outsideSchema, probes } from "./probes";

const values = ["", "1", "-1", "1.5", "true", "abc", "card", "none", ["1"], [], { a: "1" }, {}];

/** The sandbox's own check and Ajv are independent: where they differ, one of them is wrong. */
it("gives the sandbox's verdict and Ajv's on every variation of the probes", () => {
  const cases = probes
    .filter(({ path }) => path !== outsideSchema)
    .flatMap(({ method, path, form }) => variations(form).map((params) => ({ method, path, params })));

  expect(cases.length).toBeGreaterThan(2_000);
  expect(cases.filter(disputed)).toEqual([]);
});

it("gives the sandbox's verdict and Ajv's on every top-level parameter of every call", () => {
  const { operations }: ParameterCatalogue = JSON.parse(readFileSync(schemaFile, "utf8"));
  const cases = keptEndpoints.flatMap((endpoint) => {
    const [method = "", path = ""] = endpoint.replaceAll("{id}", "any_1").split(" ");
    const names = Object.keys(operations[endpoint]?.properties ?? {});
    return names.flatMap((name) => values.map((value) => ({ method, path, params: { [name]: value } })));
  });

  expect(cases.length).toBeGreaterThan(4_000);
  expect(cases.filter(disputed)).toEqual([]);
});

function disputed(request: { method: string; path: string; params: Record<string, unknown> }): boolean {
  const refused = parametersError(request.method, request.path, request.params) !== undefined;
  return refused !== checkRequests([request]).length > 0;
}

/** Returns the form with each of its parts, at every depth, replaced by each value in turn. */
function variations(form: Record<string, unknown>): Record<string, unknown>[] {
  return Object.entries(form).flatMap(([name, part]) =>
    [...values, ...innerVariations(part)].map((value) => ({ ...form, [name]: value })),
  );
}

function innerVariations(part: unknown): unknown[] {
  if (typeof part !== "object" || part === null) return [];
  if (!Array.isArray(part)) return variations(Object.fromEntries(Object.entries(part)));
  return variations({ ...part }).map((changed) => Object.values(changed));
}
