import * as z from "zod";
import { forDescription } from "../described";
import type { Credentials, DocumentedDialect } from "../dialect";

/** Statuses whose error is one text; the others come with the request. */
export const plainStatuses: readonly number[] = [401, 402, 403, 409, 500];

/** Documents the contract's errors and credentials. The Worker serves without it. */
export function documentPayments(): DocumentedDialect {
  const named = {
    code: z.string().meta(
      forDescription(() => ({
        description: "Stable name of the error, for machines.",
        example: "payment_unknown",
      })),
    ),
    requestId: z.string().meta(forDescription(() => ({ description: "The value of the Request-Id header." }))),
  };
  // Further facts of a refusal follow `code`.
  const plain = z.looseObject({ detail: z.string(), ...named }).meta(forDescription(() => ({ id: "Detail" })));
  const request = z
    .strictObject({
      success: z.literal(false),
      status_code: z.int(),
      request_method: z.string(),
      request_path: z.string().meta(forDescription(() => ({ description: "The whole URL." }))),
    })
    .meta(forDescription(() => ({ id: "RefusedRequest" })));
  const details = z
    .strictObject({
      message: z.string(),
      errors: z
        .record(z.string(), z.array(z.string()))
        .optional()
        .meta(forDescription(() => ({ description: "Messages by input; `message` is the first of them." }))),
    })
    .meta(forDescription(() => ({ id: "ErrorDetails" })));
  const withRequest = z
    .looseObject({
      error: z.string().meta(forDescription(() => ({ description: "The reason phrase of the status." }))),
      meta: request,
      details,
      ...named,
    })
    .meta(forDescription(() => ({ id: "ErrorWithRequest" })));
  return {
    errorSchema: (status) => (plainStatuses.includes(status) ? plain : withRequest),
    credentials: (access) => credentialsOf[access] as Credentials,
  };
}

// Nobody is refused as unknown while the database does not answer.
const ofToken = { 401: ["unauthenticated"], 503: ["unavailable"] } as const;

const credentialsOf: Record<string, Credentials> = {
  developer: { security: [["developerToken"]], errors: ofToken },
  login: { security: [["developerToken"], ["bearer"]], errors: ofToken },
  app: { security: [["developerToken", "appId"]], errors: { ...ofToken, 400: ["app_missing"] } },
  shopper: {
    security: [["developerToken", "appId", "userId"]],
    errors: { ...ofToken, 400: ["app_missing"], 401: ["unauthenticated", "user_missing"] },
  },
};
