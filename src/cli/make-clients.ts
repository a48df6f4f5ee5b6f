import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Description } from "../client/description.ts";
import { makeClient, runtimeFiles } from "../client/make-client.ts";
import { root } from "./wrangler.ts";

/** The contracts, and the operator API, with the path of each one's description. */
const contracts = {
  offers: "/openapi/offers.json",
  payments: "/openapi/payments.json",
  transfers: "/openapi/transfers.json",
  operator: "/docs/operator.json",
};
const clientPathOf = (contract: string) => `/client/${contract}.ts`;

/** The addresses of the typed clients. */
export const clientPaths = Object.keys(contracts).map(clientPathOf);

/** Makes the typed client of each contract of its description, by its path among the assets. */
export function makeClients(documents: Readonly<Record<string, unknown>>): Record<string, string> {
  const runtime = runtimeFiles.map((name) => readFileSync(join(root, `src/client/runtime/${name}.ts`), "utf8"));
  return Object.fromEntries(
    Object.entries(contracts).map(([contract, path]) => {
      const description = documents[path] as Description;
      return [clientPathOf(contract), makeClient(contract, description, runtime)];
    }),
  );
}
