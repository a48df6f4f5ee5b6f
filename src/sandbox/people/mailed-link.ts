import type { SandboxEnv } from "../env";
import { inboxOf } from "../inbox/receive";
import { type MailedLinkView, type MailView, renderMailedLinkPage, renderMailsPage } from "../pages";
import { formFields, page } from "./respond";

/** The most mails on the page; the box `mail` has all. */
const SHOWN = 50;

const VERIFYING = "/api/v1/auth/email/verify/";

/** Answers `/sandbox/mails`, and the pages of a front end that mailed links lead to; null for any other path. */
export async function answerMailedLink(request: Request, env: SandboxEnv): Promise<Response | null> {
  const { pathname, searchParams } = new URL(request.url);
  switch (pathname) {
    case "/sandbox/mails": {
      const mails = (await inboxOf(env).received("mail", SHOWN)).flatMap(({ atMs, body }) => read(atMs, body));
      return page(200, (nonce) => renderMailsPage({ nonce, mails }));
    }
    case "/sandbox/reset-password":
      return show("reset-password", request, (fields) => {
        const { password, passwordConfirmation } = fields;
        const link = { email: searchParams.get("email"), token: searchParams.get("token") };
        return env.SELF.fetch("http://localhost/api/v1/auth/password/reset", {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ ...link, password, passwordConfirmation }),
        });
      });
    case "/sandbox/verify-email":
      return show("verify-email", request, () => {
        const path = searchParams.get("url") ?? "";
        return env.SELF.fetch(`http://localhost${path.startsWith(VERIFYING) ? path : VERIFYING}`);
      });
    default:
      return null;
  }
}

/** Shows a page's form, or asks the application when it is submitted: a link alone, which a mail program may follow, does nothing. */
async function show(
  kind: MailedLinkView["kind"],
  request: Request,
  ask: (fields: Record<string, string>) => Promise<Response>,
): Promise<Response> {
  if (request.method !== "POST") return page(200, (nonce) => renderMailedLinkPage({ nonce, kind, answer: null }));
  const response = await ask(await formFields(request));
  const { message } = response.ok ? { message: "" } : await response.json<{ message: string }>();
  const { ok, status } = response;
  return page(status === 204 ? 200 : status, (nonce) => renderMailedLinkPage({ nonce, kind, answer: { ok, message } }));
}

/** Reads a mail as the application has posted it. Anybody may post to the box, so anything else is left out. */
function read(atMs: number, body: string): MailView[] {
  try {
    const { to, subject, text } = JSON.parse(body) as Record<string, unknown>;
    const isMail = typeof to === "string" && typeof subject === "string" && typeof text === "string";
    return isMail ? [{ atMs, to, subject, text }] : [];
  } catch {
    return [];
  }
}
