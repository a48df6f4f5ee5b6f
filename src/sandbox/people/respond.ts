import { bodyText } from "../core/body-text";
import { contentSecurityPolicy } from "../pages";

/** A page with a nonce of its own, so that nothing but its own styles and scripts runs. */
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

/** After a form: the browser goes on with GET. */
export function seeOther(url: string): Response {
  return new Response(null, { status: 303, headers: { Location: url, "Cache-Control": "no-store" } });
}

/** The fields of a submitted form; files and repeated names are of no use here. */
export async function formFields(request: Request): Promise<Record<string, string>> {
  return Object.fromEntries(new URLSearchParams(await bodyText(request)));
}
