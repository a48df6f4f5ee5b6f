import { bodyText } from "../core/body-text";
import { contentSecurityPolicy } from "../pages";

/** Answers with a page that has a nonce of its own, so that only its own styles and scripts run. */
export function page(status: number, render: (nonce: string) => string): Response {
  const nonce = crypto.randomUUID();
  return new Response(render(nonce), {
    status,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": contentSecurityPolicy(nonce),
      "Cache-Control": "no-store",
      "Referrer-Policy": "no-referrer",
      "X-Content-Type-Options": "nosniff",
    },
  });
}

/** Redirects after a form, so that the browser continues with GET. */
export function seeOther(url: string): Response {
  return new Response(null, { status: 303, headers: { Location: url, "Cache-Control": "no-store" } });
}

/** Reads the fields of a submitted form, without files or repeated names. */
export async function formFields(request: Request): Promise<Record<string, string>> {
  return Object.fromEntries(new URLSearchParams(await bodyText(request)));
}
