import * as z from "zod";
import { awaited } from "../awaited";
import { forDescription } from "../described";
import type { Asked, ErrorResponse, NamedErrorResponse } from "../dialect";

export const problemMediaType = "application/problem+json";

/** The reason phrases of RFC 9110. */
export const titles: Record<ErrorResponse["status"], string> = {
  400: "Bad Request",
  401: "Unauthorized",
  402: "Payment Required",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
  502: "Bad Gateway",
  503: "Service Unavailable",
};

/** The type of all that was asked too often (httpapi-ratelimit-headers, draft 10). */
const quotaExceeded = "https://iana.org/assignments/http-problem-types#quota-exceeded";

/** Returns the members of RFC 9457, in its order. The type is the address of the code's page. */
export function problemMembers({ status, text, code }: NamedErrorResponse, { url }: Pick<Asked, "url">) {
  const type = status === 429 ? quotaExceeded : new URL(`/errors/${code}`, url).href;
  return { type, title: titles[status], status, detail: text };
}

/** Makes the schema of problem details. */
export function problemSchema() {
  return z
    .strictObject({
      type: z.url().meta(
        forDescription(() => ({
          description: "The address of the code's page; on 429 the registered type `quota-exceeded`.",
        })),
      ),
      title: z.string(),
      status: z.int(),
      detail: z.string(),
      errors: z.record(z.string(), z.array(z.string())).optional(),
      code: z.string().meta(forDescription(() => ({ description: "Stable name of the error, for machines." }))),
      waiting: awaited(),
      requestId: z.string().meta(forDescription(() => ({ description: "The value of the Request-Id header." }))),
    })
    .meta(forDescription(() => ({ id: "Problem", description: "RFC 9457." })));
}
