import * as z from "zod";
import { makeToken } from "../../crypto/tokens";
import { dayMs } from "../../domain/time";
import { described } from "../described";
import { created } from "../route";
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
      "both stay. The token is answered once, so the Idempotency-Key header is ignored. Twenty may be live.",
    bodyExample: { overlap_seconds: 3600, expires_in_days: 90 },
    responses: {
      201: { description: "The token", schema: envelopeObject({ data: newTokenObject, meta: statusMeta(201) }) },
    },
    errors: { 409: ["tokens_full"] },
  })),
  access: "developer",
  securityEvent: "token_issued",
  keyed: false,
  body: z.object({
    overlap_seconds: z
      .int()
      .min(0)
      .max(30 * daySeconds)
      .optional(),
    expires_in_days: z.int().min(1).max(365).optional(),
  }),
  async handle({ edge, caller, body, perform, request }) {
    const { token, hash, prefix } = makeToken("dev");
    const { overlap_seconds: overlapSeconds, expires_in_days: days } = body;
    const expiresAtMs = days === undefined ? null : edge.deps.nowMs() + days * dayMs;
    const result = await perform({
      name: "rotate-developer-token",
      input: {
        developerId: caller.developer.id,
        token: { hash, prefix },
        expiresAtMs,
        overlapMs: (overlapSeconds ?? 0) * 1_000,
        replaces: overlapSeconds === undefined ? "none" : { prefix: caller.token.prefix },
        by: { developer: true },
      },
    });
    if (!result.ok) return result;
    const data = { token, prefix, expires_at: isoOrNull(expiresAtMs) };
    return created(envelope({ data, meta: { status_code: 201 } }, request));
  },
});
