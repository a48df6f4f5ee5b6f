/**
 * The `Content-Security-Policy` for a page rendered with the same nonce.
 * There is no `form-action`: browsers hold it against the redirect that follows a form as well, and the success URL
 * may be on any origin.
 */
export function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    "img-src data:",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}
