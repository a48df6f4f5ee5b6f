import * as z from "zod";
import { makeToken, withBucket } from "../../crypto/tokens";
import { selectDeveloper } from "../../db/payments/developers";
import { bucketOf } from "../../domain/id";
import { scopes as every } from "../../domain/scope";
import { dayMs } from "../../domain/time";
import { described } from "../described";
import { created } from "../route";
import { scopesField } from "../scopes";
import { defineRoute } from "../serve";
import { developerWithToken, toDeveloper } from "./developer-object";
import { adminDialect } from "./dialect";

const daySeconds = dayMs / 1_000;

export const rotateDeveloperToken = defineRoute(adminDialect, {
  operationId: "rotate-developer-token",
  method: "post",
  path: "/admin/developers/:id/tokens",
  ...described(() => ({
    tag: "Operator",
    summary: "Give a developer a new token",
    description:
      "The ones before it end after the overlap. The token is answered once, so the Idempotency-Key header is ignored.",
    bodyExample: { overlap_seconds: 3600 },
    responses: { 201: { description: "The developer", schema: z.strictObject({ data: developerWithToken }) } },
    errors: { 404: ["developer_unknown"], 409: ["tokens_full"] },
  })),
  access: "operator",
  securityEvent: "token_issued",
  keyed: false,
  params: () => z.object({ id: z.string() }),
  body: () =>
    z.object({
      overlap_seconds: z
        .int()
        .min(0)
        .max(30 * daySeconds)
        .default(daySeconds),
      scopes: scopesField().default([...every]),
    }),
  load: ({ db, params: { id = "" } }) => [selectDeveloper(db, id)],
  find: ([[developer]]) => developer ?? "developer_unknown",
  async handle({ caller, found, body, perform }) {
    const { token, hash, prefix } = makeToken("dev");
    const { scopes } = body;
    const overlapMs = body.overlap_seconds * 1000;
    const result = await perform({
      name: "rotate-developer-token",
      input: {
        developerId: found.id,
        token: { hash, prefix, scopes },
        overlapMs,
        replaces: "all",
        by: { operator: caller.name },
      },
    });
    return result.ok
      ? created({ data: { ...toDeveloper(result.value), token: withBucket(token, bucketOf(result.value.id)) } })
      : result;
  },
});
