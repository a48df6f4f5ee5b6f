import * as z from "zod";
import { described } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { paymentsDialect } from "./dialect";
import { accountId } from "./fields";
import { ownAccount } from "./own-objects";

export const deleteConnectedAccount = defineRoute(paymentsDialect, {
  operationId: "delete-connected-account",
  method: "delete",
  path: "/connected-accounts/:id",
  ...described(() => ({
    tag: "Connected accounts",
    summary: "Delete a connected account",
    description: "409 while payments on it are open or money is on it. What was paid on it stays readable.",
    responses: { 204: { description: "Deleted" } },
    errors: { 401: ["account_foreign"], 409: ["account_in_use"], 503: ["stripe_unavailable"] },
  })),
  access: "developer",
  scope: "accounts",
  params: () => z.object({ id: accountId() }),
  ...ownAccount,
  // A deleted account counts as deleted: a repeat gets the first answer.
  permit: ({ developer }, { developerId }) => (developerId === developer.id ? undefined : "account_foreign"),
  async handle({ caller, found, perform }) {
    const input = { id: found.id, developerId: caller.developer.id };
    const result = await perform({ name: "delete-connected-account", input });
    return result.ok ? noContent : result;
  },
});
