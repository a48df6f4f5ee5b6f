import * as z from "zod";
import { canonicalId } from "../../domain/id";
import { described } from "../described";
import { created } from "../route";
import { defineRoute } from "../serve";
import { appUserObject, toAppUser } from "./app-object";
import { paymentsDialect } from "./dialect";
import { text } from "./fields";
import { envelope, envelopeObject, statusMeta } from "./print-success";

export const createAppUser = defineRoute(paymentsDialect, {
  operationId: "create-app-user",
  method: "post",
  path: "/users",
  ...described(() => ({
    tag: "Apps and users",
    summary: "Add a shopper of an app",
    description: "Its id is what `X-User-ID` names. `external_id` is the app's own name for the shopper, once per app.",
    bodyExample: { app_id: "01890000-0000-8000-8000-000000000000", external_id: "shopper-7" },
    responses: {
      201: { description: "The shopper", schema: envelopeObject({ data: appUserObject, meta: statusMeta(201) }) },
    },
    errors: { 404: ["app_unknown"], 409: ["user_exists"] },
  })),
  access: "developer",
  scope: "payments",
  body: () => z.object({ app_id: text(64).transform(canonicalId), external_id: text().optional() }),
  async handle({ caller, body, perform, request }) {
    const result = await perform({
      name: "create-app-user",
      input: { developerId: caller.developer.id, appId: body.app_id, externalId: body.external_id ?? null },
    });
    if (!result.ok) return result;
    return created(envelope({ data: toAppUser(result.value), meta: { status_code: 201 } }, request));
  },
});
