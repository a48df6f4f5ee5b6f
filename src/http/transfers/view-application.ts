import * as z from "zod";
import { type Secret, selectLiveSecrets } from "../../db/secrets";
import { described } from "../described";
import { defineRoute } from "../serve";
import { applicationObject, secretObject, toApplication, toSecret } from "./application-object";
import { transfersDialect } from "./dialect";
import { envelopeOf, succeed } from "./print-success";

export const viewApplication = defineRoute(transfersDialect, {
  operationId: "view-application",
  method: "get",
  path: "/applications/me",
  ...described(() => ({
    tag: "Applications",
    summary: "The application itself",
    responses: {
      200: {
        description: "The application",
        schema: envelopeOf(
          applicationObject
            .extend({ clientSecrets: z.array(secretObject), webhookSecrets: z.array(secretObject) })
            .meta({ id: "ApplicationWithSecretsListed" }),
        ),
      },
    },
  })),
  access: "application",
  async handle({ edge, caller }) {
    const { db, nowMs } = edge.deps;
    const [secrets] = await db.batch([selectLiveSecrets(db, { ownerId: caller.id }, nowMs())]);
    const ofKind = (wanted: Secret["kind"]) => secrets.filter(({ kind }) => kind === wanted).map(toSecret);
    const listed = { clientSecrets: ofKind("client"), webhookSecrets: ofKind("webhook") };
    return succeed(edge, "Application", { ...toApplication(caller), ...listed });
  },
});
