/**
 * Returns the `Content-Security-Policy` for a page rendered with the same nonce. It has no `form-action`, because
 * browsers also apply that to the redirect after a form, and the success URL may be on any origin.
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
