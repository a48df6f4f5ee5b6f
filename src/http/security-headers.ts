/**
 * Sets the headers of answers for programs: a browser must not guess their type, frame, cache or leak them. A page has
 * set the policy for what it loads itself.
 */
export function setSecurityHeaders(headers: Headers, isHttps: boolean): void {
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("Referrer-Policy", "no-referrer");
  if (!headers.has("Content-Security-Policy"))
    headers.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  if (!headers.has("Cache-Control")) headers.set("Cache-Control", "no-store");
  if (isHttps) headers.set("Strict-Transport-Security", "max-age=63072000; includeSubDomains");
}
