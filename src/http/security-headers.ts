/** For answers that only programs read: nothing may be guessed, framed, remembered or leaked by a browser. */
export function setSecurityHeaders(headers: Headers, isHttps: boolean): void {
  headers.set("X-Content-Type-Options", "nosniff");
  headers.set("Referrer-Policy", "no-referrer");
  headers.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  if (!headers.has("Cache-Control")) headers.set("Cache-Control", "no-store");
  if (isHttps) headers.set("Strict-Transport-Security", "max-age=63072000; includeSubDomains");
}
