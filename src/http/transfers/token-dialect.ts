import * as z from "zod";
import { documented } from "../described";
import type { Dialect, NamedErrorResponse } from "../dialect";
import type { TransfersCallers } from "./auth";
import { transfersDialect } from "./dialect";

/** The errors of RFC 6749 5.2, and two that its 4.1.2.1 names for servers that cannot answer. */
const oauthErrors = [
  "invalid_request",
  "invalid_client",
  "unauthorized_client",
  "unsupported_grant_type",
  "temporarily_unavailable",
  "server_error",
] as const;

type OAuthError = (typeof oauthErrors)[number];

/** The error of each code of ours; every other code is an invalid request. */
const errorOfCode: Partial<Record<string, OAuthError>> = {
  INVALID_CREDENTIALS: "invalid_client",
  APPLICATION_INACTIVE: "unauthorized_client",
  UNSUPPORTED_GRANT_TYPE: "unsupported_grant_type",
  RATE_LIMIT_EXCEEDED: "temporarily_unavailable",
  SERVICE_UNAVAILABLE: "temporarily_unavailable",
  INTERNAL_ERROR: "server_error",
};

/** The transfers contract's adapter for its token endpoint, which clients of OAuth 2 read, too. */
export const tokenDialect: Dialect<TransfersCallers> = {
  ...transfersDialect,
  documented: documented(() => {
    const { errorSchema, ...others } = transfersDialect.documented;
    // An error of the contract, with the members of RFC 6749 5.2 beside it.
    const tokenError = (errorSchema(400) as z.ZodObject)
      .extend({
        error: z.enum(oauthErrors).meta({ description: "The error as OAuth 2 names it (RFC 6749 5.2)." }),
        error_description: z.string(),
      })
      .meta({ id: "TokenError" });
    return { ...others, errorSchema: () => tokenError };
  }),
  envelope(answer, errors, asked) {
    const { mediaType, members } = transfersDialect.envelope(answer, errors, asked);
    return { mediaType, members: { ...members, ...oauthMembers(answer, members.errors) } };
  },
};

function oauthMembers({ code, text }: NamedErrorResponse, lines: unknown) {
  const description = Array.isArray(lines) ? lines.join(", ") : text;
  // RFC 6749 5.2 allows no other characters, and a line may repeat a name that the client made up.
  const printable = description.replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, "?");
  return { error: errorOfCode[code] ?? "invalid_request", error_description: printable };
}
