import * as z from "zod";
import { makeToken, withBucket } from "../../crypto/tokens";
import { bucketOf } from "../../domain/id";
import { scopes as every } from "../../domain/scope";
import { described } from "../described";
import { toEmail } from "../identifying-text";
import { registrationOf } from "../lost-registration";
import { created } from "../route";
import { scopesField } from "../scopes";
import { defineRoute } from "../serve";
import { developerWithToken, toDeveloper } from "./developer-object";
import { adminDialect } from "./dialect";

export const createDeveloper = defineRoute(adminDialect, {
  operationId: "create-developer",
  method: "post",
  path: "/admin/developers",
  ...described(() => ({
    tag: "Operator",
    summary: "Make a developer",
    description:
      "The token opens the payments contract. It is answered once. With an `Idempotency-Key` of at least 32 characters a lost answer can be asked for again: for an hour, and while no use of the token is recorded, the same request answers the same developer with another token.",
    bodyExample: { name: "Corner Shop", email: "dev@cornershop.example.com" },
    responses: { 201: { description: "The developer", schema: z.strictObject({ data: developerWithToken }) } },
    errors: { 409: ["developer_exists"] },
  })),
  access: "operator",
  securityEvent: "token_issued",
  keyed: false,
  body: () =>
    z.object({
      name: z.string().min(1).max(200),
      email: z.string().max(255).transform(toEmail),
      scopes: scopesField().default([...every]),
    }),
  async handle({ edge, caller, request, body, perform }) {
    const { name, email, scopes } = body;
    const registration = registrationOf(request.headers, `operator:${caller.name}`, body);
    const { token, hash, prefix } = makeToken("dev");
    const result = await perform({
      name: "create-developer",
      input: { name, email, token: { hash, prefix, scopes }, registration, operator: caller.name },
    });
    edge.about = result.ok ? result.value.id : undefined;
    return result.ok
      ? created({ data: { ...toDeveloper(result.value), token: withBucket(token, bucketOf(result.value.id)) } })
      : result;
  },
});
