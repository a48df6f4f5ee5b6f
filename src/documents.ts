import { descriptions, routes } from "./app";
import { nextSentences, sentences } from "./http/explanation-sentences";
import { describe } from "./http/openapi";
import { collect, type OpenApi } from "./http/postman";
import { tabulateErrors } from "./http/tabulate-errors";
import { describeMessages } from "./http/transfers/describe-messages";
import { describeEvents, tabulateEventTypes } from "./http/webhooks/describe-events";

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

/**
 * Answers that are the same for everybody, by their path among the assets. They are made when the Worker is built, of
 * the routes that it serves, and read from its static assets, so that no isolate loads the code that makes them.
 */
export const documents: Record<string, unknown> = {
  ...described,
  "/postman.json": collect(described["/openapi.json"] as OpenApi),
  // Read by the page of the reference only.
  "/docs/operator.json": describe("Accord: operator", routesOfNoContract(), describeEvents()),
  "/webhook-event-types.json": tabulateEventTypes(),
  "/errors.json": tabulateErrors(routes),
  // What the codes of explanations mean.
  "/explanations.json": { codes: sentences, next: nextSentences },
};
