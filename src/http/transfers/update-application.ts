import { described } from "../described";
import { sentMembers } from "../sent-members";
import { defineRoute } from "../serve";
import { applicationChanges } from "./application-fields";
import { applicationObject, toApplication } from "./application-object";
import { transfersDialect } from "./dialect";
import { envelopeOf, succeed } from "./print-success";
import { refuseTarget } from "./target";

export const updateApplication = defineRoute(transfersDialect, {
  operationId: "update-application",
  method: "patch",
  path: "/applications/me",
  ...described(() => ({
    tag: "Applications",
    summary: "Change the application",
    description: "Members that are left out stay as they are; null takes away what need not be there.",
    bodyExample: { transactionWebhookUrl: "https://wallet.example.com/webhooks/transactions", encryptionEnabled: true },
    responses: { 200: { description: "The application, changed", schema: envelopeOf(applicationObject) } },
  })),
  access: "application",
  bodyLimitBytes: 32 * 1024,
  body: applicationChanges,
  async handle({ edge, caller, body, perform }) {
    const refused = refuseTarget(edge, "transactionWebhookUrl", body.transactionWebhookUrl);
    if (refused) return refused;
    const input = { id: caller.id, changes: sentMembers(body) };
    const result = await perform({ name: "update-application", input });
    return result.ok ? succeed(edge, "Application updated", toApplication(result.value)) : result;
  },
});
