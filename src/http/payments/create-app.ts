import * as z from "zod";
import { described } from "../described";
import { created } from "../route";
import { defineRoute } from "../serve";
import { appObject, toApp } from "./app-object";
import { paymentsDialect } from "./dialect";
import { envelope, envelopeObject, statusMeta } from "./print-success";

export const createApp = defineRoute(paymentsDialect, {
  operationId: "create-app",
  method: "post",
  path: "/apps",
  ...described(() => ({
    tag: "Apps and users",
    summary: "Add an app",
    description: "Its id is what `X-App-ID` names.",
    bodyExample: { name: "Corner Shop" },
    responses: {
      201: { description: "The app", schema: envelopeObject({ data: appObject, meta: statusMeta(201) }) },
    },
  })),
  access: "developer",
  scope: "payments",
  body: () => z.object({ name: z.string().min(1).max(200) }),
  async handle({ caller, body, perform, request }) {
    const input = { developerId: caller.developer.id, name: body.name };
    const result = await perform({ name: "create-app", input });
    if (!result.ok) return result;
    return created(envelope({ data: toApp(result.value), meta: { status_code: 201 } }, request));
  },
});
