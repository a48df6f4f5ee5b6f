import * as z from "zod";
import { makeToken } from "../../crypto/tokens";
import { described } from "../described";
import { toEmail } from "../identifying-text";
import { created } from "../route";
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
      "The token opens the payments contract. It is answered once, so the Idempotency-Key header is ignored.",
    bodyExample: { name: "Corner Shop", email: "dev@cornershop.example.com" },
    responses: { 201: { description: "The developer", schema: z.strictObject({ data: developerWithToken }) } },
    errors: { 409: ["developer_exists"] },
  })),
  access: "operator",
  securityEvent: "token_issued",
  keyed: false,
  body: z.object({ name: z.string().min(1).max(200), email: z.string().max(255).transform(toEmail) }),
  async handle({ edge, caller, body: { name, email }, perform }) {
    const { token, hash, prefix } = makeToken("dev");
    const result = await perform({
      name: "create-developer",
      input: { name, email, token: { hash, prefix }, operator: caller.name },
    });
    edge.about = result.ok ? result.value.id : undefined;
    return result.ok ? created({ data: { ...toDeveloper(result.value), token } }) : result;
  },
});
