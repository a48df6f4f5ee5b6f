import type { Quota } from "../edge";

/**
 * Sets the state of a quota as structured fields: `RateLimit-Policy` and `RateLimit` (httpapi-ratelimit-headers, draft
 * 10).
 */
export function setQuota(headers: Headers, name: string, { most, windowSeconds, left, resetSeconds }: Quota): void {
  headers.set("RateLimit-Policy", `"${name}";q=${most};w=${windowSeconds}`);
  headers.set("RateLimit", `"${name}";r=${left};t=${resetSeconds}`);
}
