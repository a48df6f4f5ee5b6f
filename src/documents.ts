import { descriptions } from "./app";
import { describe } from "./http/openapi";
import { collect, type OpenApi } from "./http/postman";
import { describeMessages } from "./http/transfers/describe-messages";
import { describeEvents } from "./http/webhooks/catalogue";
import { tabulateEventTypes } from "./http/webhooks/event-types";

const described: Record<string, unknown> = Object.fromEntries(
  descriptions.map(({ path, title, routes, contract }) => [path, describe(title, routes, toldBy(contract))]),
);

/** What is sent by ourselves: the events of every owner's endpoints, and what the transfers contract sends by itself. */
function toldBy(contract: string | undefined) {
  if (contract === undefined) return { ...describeEvents(), ...describeMessages() };
  return contract === "transfers" ? describeMessages() : {};
}

/**
 * Answers that are the same for everybody, by their path among the assets. Made when the Worker is built, of the same
 * registry that it serves, and read from its static assets: no isolate has to load what makes them.
 */
export const documents: Record<string, unknown> = {
  ...described,
  "/postman.json": collect(described["/openapi.json"] as OpenApi),
  "/webhook-event-types.json": tabulateEventTypes(),
};
