import type { SandboxEnv } from "../env";

type Fetch = (request: Request) => Promise<Response>;

/**
 * Signs in whoever opens the console's page and is not signed in: the sandbox's token is printed everywhere. The cookie
 * comes with the page, so that the console needs to know nothing of it.
 */
export async function signIn(request: Request, env: SandboxEnv, ask: Fetch, page: Response): Promise<Response> {
  const url = new URL("/api/v1/admin/session", request.url);
  const own = { "Sec-Fetch-Site": "same-origin", "Accord-Console": "1", Cookie: request.headers.get("Cookie") ?? "" };
  if (page.status !== 200 || (await ask(new Request(url, { headers: own }))).ok) return page;
  const [, token] = /^[\w.-]+:([^,]+)/.exec(String((env as { ADMIN_TOKENS?: unknown }).ADMIN_TOKENS ?? "")) ?? [];
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  const answer = await ask(new Request(url, { method: "POST", headers, body: "{}" }));
  const signed = new Response(page.body, page);
  for (const cookie of answer.headers.getSetCookie()) signed.headers.append("Set-Cookie", cookie);
  return signed;
}
