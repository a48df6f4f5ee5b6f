import { described } from "../described";
import { defineRoute } from "../serve";
import { applicationObject, toApplication } from "./application-object";
import { transfersDialect } from "./dialect";
import { envelopeOf, succeed } from "./print-success";

export const viewApplication = defineRoute(transfersDialect, {
  operationId: "view-application",
  method: "get",
  path: "/applications/me",
  ...described(() => ({
    tag: "Applications",
    summary: "The application itself",
    responses: { 200: { description: "The application", schema: envelopeOf(applicationObject) } },
  })),
  access: "application",
  async handle({ edge, caller }) {
    return succeed(edge, "Application", toApplication(caller));
  },
});
