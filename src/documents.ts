import { descriptions, routes } from "./app";
import { printInvariants } from "./db/operator/ledger-invariants";
import { nextSentences, sentences } from "./http/explanation-sentences";
import { describe } from "./http/openapi";
import { collect, environmentOf, type OpenApi } from "./http/postman";
import { tabulateErrors } from "./http/tabulate-errors";
import { describeMessages } from "./http/transfers/describe-messages";
import { describeEvents, tabulateEventTypes } from "./http/webhooks/describe-events";

/** The description of the routes that belong to no contract. */
const operatorDescription = describe("Accord: operator", routesOfNoContract(), describeEvents());

const described: Record<string, unknown> = Object.fromEntries(
  descriptions.map(({ path, title, routes, contract }) => [path, describe(title, routes, toldBy(contract))]),
);

/** The routes that belong to no contract: the operator's, webhook endpoints, Stripe's webhook, the service itself. */
function routesOfNoContract() {
  const [whole, ...contracts] = descriptions;
  const taken = new Set(contracts.flatMap(({ routes }) => routes));
  return (whole?.routes ?? []).filter((route) => !taken.has(route));
}

/** Describes what we send ourselves: the events of endpoints, and the transfers contract's own messages. */
function toldBy(contract: string | undefined) {
  if (contract === undefined) return { ...describeEvents(), ...describeMessages() };
  return contract === "transfers" ? describeMessages() : {};
}

/** Descriptions that together have each operation once, also where contracts share a path. */
const apart = [
  operatorDescription,
  ...descriptions.flatMap(({ path, contract }) => (contract === undefined ? [] : [described[path]])),
] as OpenApi[];

/**
 * Answers that are the same for everybody, by their path among the assets. They are made when the Worker is built, of
 * the routes that it serves, and read from its static assets, so that no isolate loads the code that makes them.
 */
export const documents: Record<string, unknown> = {
  ...described,
  "/postman.json": collect("Accord", apart),
  "/postman-environment.json": environmentOf("Accord", apart),
  // Read by the page of the reference only.
  "/docs/operator.json": operatorDescription,
  "/webhook-event-types.json": tabulateEventTypes(),
  "/errors.json": tabulateErrors(routes),
  // Read by the proof of the books.
  "/invariants.json": printInvariants(),
  // The meaning of the codes of explanations.
  "/explanations.json": { codes: sentences, next: nextSentences },
};
