import * as z from "zod";
import { equalSecrets } from "../../crypto/equal";
import { signJwt } from "../../crypto/jwt";
import { hashToken } from "../../crypto/tokens";
import { selectLiveSecrets } from "../../db/secrets";
import { type Application, selectApplication } from "../../db/transfers/applications";
import { canonicalId } from "../../domain/id";
import { madeOnce } from "../../domain/made-once";
import { described, forDescription } from "../described";
import type { NamedErrorResponse } from "../dialect";
import type { Edge } from "../edge";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { inactive, tokenIssuer, tooMany } from "./auth";
import { invalidCredentials, readClient } from "./client-credentials";
import { text } from "./fields";
import { notSetUp } from "./not-set-up";
import { envelope, envelopeOf } from "./print-success";
import { tokenDialect } from "./token-dialect";

/** The only way to a token here (RFC 6749 4.4). */
const grantType = "client_credentials";

const unsupportedGrant: NamedErrorResponse = {
  status: 400,
  code: "UNSUPPORTED_GRANT_TYPE",
  text: `grant_type must be ${grantType}`,
  field: "grant_type",
};

/** Longer than any id or secret of ours. */
const credential = madeOnce(() => text(128));

export const issueToken = defineRoute(tokenDialect, {
  operationId: "issue-token",
  method: "post",
  path: "/auth/token",
  ...described(() => ({
    tag: "Applications",
    summary: "Get a token",
    description:
      "As JSON or as a form, as `client_credentials` of OAuth 2 (RFC 6749): the client's id and secret as `client_id` and `client_secret`, or by HTTP Basic. Parameters in the query are taken, too, but an address is no place for a secret. What a form or the query has besides is ignored; there are no scopes. The members of OAuth 2 stand beside the contract's, in errors as well.",
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
        ).extend({
          access_token: z.string().meta({ description: "The same token." }),
          token_type: z.literal("Bearer"),
          expires_in: z.int().meta({ description: "Seconds." }),
        }),
      },
    },
    errors: { 400: ["UNSUPPORTED_GRANT_TYPE"], 401: ["INVALID_CREDENTIALS"], 403: ["APPLICATION_INACTIVE"] },
  })),
  access: "anyone",
  securityEvent: "token_issued",
  evenInRecovery: true, // reads need one
  keyed: false,
  body: () =>
    z.object({
      client_id: credential()
        .transform(canonicalId)
        .optional()
        .meta(forDescription(() => ({ description: "Needed without HTTP Basic." }))),
      client_secret: credential()
        .optional()
        .meta(forDescription(() => ({ description: "Needed without HTTP Basic." }))),
      grant_type: credential()
        .optional()
        .meta(forDescription(() => ({ description: `\`${grantType}\`, or left out.` }))),
    }),
  formToo: true,
  async handle({ edge, request, body, headers, perform }) {
    const { deps, shields } = edge;
    headers.set("Pragma", "no-cache"); // RFC 6749 5.1; every answer says `Cache-Control: no-store`
    if ((body.grant_type ?? grantType) !== grantType) return { answer: unsupportedGrant };
    const read = readClient(request.headers, body);
    if (!read.ok) return read;
    const { client } = read;
    if (!(await shields.tokens())) return { answer: tooMany };
    const { db } = deps;
    const holder = { ownerId: client.id, kind: "client" } as const;
    const [[application], live] = await db.batch([
      selectApplication(db, client.id),
      selectLiveSecrets(db, holder, deps.nowMs()),
    ]);
    edge.about = application?.id;
    const hash = hashToken(client.secret);
    const [secret] = live.filter((one) => equalSecrets(hash, one.secret));
    if (!application || !secret) return { answer: invalidCredentials };
    if (!(await perform({ name: "use-client-secret", input: { secret } })).ok) return { answer: invalidCredentials };
    // The client's limit counts only right secrets: client ids are public, and a stranger's guesses must not use it up.
    if (!(await shields.tokens(application.id))) return { answer: tooMany };
    if (!application.active) return { answer: inactive };
    if (edge.settings.tokenKeys.length === 0) return notSetUp(edge, "TRANSFERS_TOKEN_KEYS");
    const issued = await tokenFor(edge, application);
    const { token: access_token, tokenType: token_type, expiresIn: expires_in } = issued;
    return ok({ ...envelope(edge, "Token issued", issued), access_token, token_type, expires_in });
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
