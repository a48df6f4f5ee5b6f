import * as z from "zod";
import { equalSecrets } from "../../crypto/equal";
import { signJwt } from "../../crypto/jwt";
import { hashToken } from "../../crypto/tokens";
import { type Application, selectApplication } from "../../db/transfers/applications";
import { canonicalId } from "../../domain/id";
import { described } from "../described";
import type { NamedErrorResponse } from "../dialect";
import type { Edge } from "../edge";
import { defineRoute } from "../serve";
import { inactive, tokenIssuer, tooMany } from "./auth";
import { transfersDialect } from "./dialect";
import { text } from "./fields";
import { notSetUp } from "./not-set-up";
import { envelopeOf, succeed } from "./print-success";

/** The same answer for an unknown client and for a wrong secret. */
const invalidCredentials: NamedErrorResponse = {
  status: 401,
  code: "INVALID_CREDENTIALS",
  text: "The client credentials are invalid",
};

/** Longer than any id or secret of ours. */
const credential = text(128);

export const issueToken = defineRoute(transfersDialect, {
  operationId: "issue-token",
  method: "post",
  path: "/auth/token",
  ...described(() => ({
    tag: "Applications",
    summary: "Get a token",
    description: "As JSON or as a form. Members in the query are taken, too, but an address is no place for a secret.",
    bodyExample: {
      client_id: "01a1f91e-f699-84f8-8dd3-bd4d5efaa050",
      client_secret: "app_48W8OOliP3BbE1orf4XqueWc4CmHwXh2c8HoVpXvQgE",
    },
    responses: {
      200: {
        description: "The token",
        schema: envelopeOf(
          z.strictObject({
            token: z.string().meta({ description: "A JWT. Send it as `Authorization: Bearer`." }),
            tokenType: z.literal("Bearer"),
            expiresIn: z.int().meta({ description: "Seconds." }),
            expiresAt: z.int().meta({ description: "Seconds since 1970." }),
          }),
        ),
      },
    },
    errors: { 401: ["INVALID_CREDENTIALS"], 403: ["APPLICATION_INACTIVE"] },
  })),
  access: "anyone",
  evenInRecovery: true, // reads need one
  keyed: false,
  body: z.object({ client_id: credential.transform(canonicalId), client_secret: credential }),
  formToo: true,
  async handle({ edge, body }) {
    const { deps, shields } = edge;
    if (!(await shields.tokens())) return { answer: tooMany };
    const [[application]] = await deps.db.batch([selectApplication(deps.db, body.client_id)]);
    // The secret is compared even if there is no such client, so that the time tells nothing.
    const fits = equalSecrets(hashToken(body.client_secret), application?.clientSecretHash ?? "");
    if (!application || !fits) return { answer: invalidCredentials };
    // The client's limit counts only right secrets: client ids are public, and a stranger's guesses must not use it up.
    if (!(await shields.tokens(application.id))) return { answer: tooMany };
    if (!application.active) return { answer: inactive };
    if (edge.settings.tokenKeys.length === 0) return notSetUp(edge, "TRANSFERS_TOKEN_KEYS");
    return succeed(edge, "Token issued", await tokenFor(edge, application));
  },
});

/** Makes a token. Its roles are for the reader only: the application's rights are checked at every request. */
async function tokenFor({ deps, settings }: Edge, { id, appHandle, admin }: Application) {
  const issuedAtMs = deps.nowMs();
  const lifetimeSeconds = settings.tokenLifetimeSeconds;
  const roles = ["ROLE_APPLICATION", ...(admin ? ["ROLE_ADMIN"] : [])];
  const token = await signJwt(settings.tokenKeys, {
    issuer: tokenIssuer,
    subject: id,
    id: deps.newId(),
    issuedAtMs,
    lifetimeSeconds,
    others: { client_id: id, appHandle, roles },
  });
  const expiresAt = Math.floor(issuedAtMs / 1000) + lifetimeSeconds;
  return { token, tokenType: "Bearer", expiresIn: lifetimeSeconds, expiresAt };
}
