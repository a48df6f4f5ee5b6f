import type { Edge } from "./edge";

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

/**
 * Answers the page of the console, for every address of its screens. Returns undefined for files, and where there is no
 * operator, for whom there is no console either.
 */
export function consolePage({ settings, page }: Edge, path: string): Promise<Response> | undefined {
  if (settings.adminTokens.length === 0 || path.includes(".")) return undefined;
  return page("/console/").then(({ status, body }) => {
    const headers = { "Content-Type": "text/html; charset=utf-8", "Cross-Origin-Opener-Policy": "same-origin" };
    return new Response(body, { status, headers: { ...headers, "Content-Security-Policy": policy } });
  });
}
