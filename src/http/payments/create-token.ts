import * as z from "zod";
import { makeToken, withBucket } from "../../crypto/tokens";
import { bucketOf } from "../../domain/id";
import { refuse } from "../../domain/result";
import { scopeBeyond } from "../../domain/scope";
import { dayMs } from "../../domain/time";
import { described } from "../described";
import { created } from "../route";
import { scopesField } from "../scopes";
import { defineRoute } from "../serve";
import { paymentsDialect } from "./dialect";
import { envelope, envelopeObject, statusMeta } from "./print-success";
import { isoOrNull, newTokenObject } from "./token-object";

const daySeconds = dayMs / 1_000;

export const createToken = defineRoute(paymentsDialect, {
  operationId: "create-token",
  method: "post",
  path: "/developer-tokens",
  ...described(() => ({
    tag: "Tokens",
    summary: "Make another token",
    description:
      "With `overlap_seconds` it replaces the token of this request, which then ends after so many seconds; without, " +
      "both stay. It has the scopes of this one, or fewer. The token is answered once, so the Idempotency-Key header is " +
      "ignored. Twenty may be live.",
    bodyExample: { overlap_seconds: 3600, expires_in_days: 90, scopes: ["read"] },
    responses: {
      201: { description: "The token", schema: envelopeObject({ data: newTokenObject, meta: statusMeta(201) }) },
    },
    errors: { 403: ["scope_missing"], 409: ["tokens_full"] },
  })),
  access: "developer",
  scope: "any",
  securityEvent: "token_issued",
  keyed: false,
  body: () =>
    z.object({
      overlap_seconds: z
        .int()
        .min(0)
        .max(30 * daySeconds)
        .optional(),
      expires_in_days: z.int().min(1).max(365).optional(),
      scopes: scopesField().optional(),
    }),
  async handle({ edge, caller, body, perform, request }) {
    const { token, hash, prefix } = makeToken("dev");
    const { overlap_seconds: overlapSeconds, expires_in_days: days, scopes = caller.token.scopes } = body;
    const beyond = scopeBeyond(scopes, caller.token.scopes);
    if (beyond) return refuse("scope_missing", beyond);
    const expiresAtMs = days === undefined ? null : edge.deps.nowMs() + days * dayMs;
    const result = await perform({
      name: "rotate-developer-token",
      input: {
        developerId: caller.developer.id,
        token: { hash, prefix, scopes },
        expiresAtMs,
        overlapMs: (overlapSeconds ?? 0) * 1_000,
        replaces: overlapSeconds === undefined ? "none" : { prefix: caller.token.prefix },
        by: { developer: true },
      },
    });
    if (!result.ok) return result;
    const data = {
      token: withBucket(token, bucketOf(caller.developer.id)),
      prefix,
      scopes,
      expires_at: isoOrNull(expiresAtMs),
    };
    return created(envelope({ data, meta: { status_code: 201 } }, request));
  },
});
