import * as z from "zod";
import { forDescription } from "../described";
import type { ErrorResponse } from "../dialect";

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

/** Returns the members of RFC 9457, in its order. */
export function problemMembers({ status, text }: ErrorResponse) {
  return { type: "about:blank", title: titles[status], status, detail: text };
}

export const problemSchema = forDescription(() =>
  z
    .strictObject({
      type: z.literal("about:blank"),
      title: z.string(),
      status: z.int(),
      detail: z.string(),
      errors: z.record(z.string(), z.array(z.string())).optional(),
      code: z.string().meta({ description: "Stable name of the error, for machines." }),
      requestId: z.string().meta({ description: "The value of the Request-Id header." }),
    })
    .meta({ id: "Problem", description: "RFC 9457." }),
);
