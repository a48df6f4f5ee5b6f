import { codeBlock } from "./code-block";
import { COPY_SCRIPT } from "./copy-script";
import { renderDocument } from "./document";
import { type Html, html } from "./html";
import { formatMoney } from "./money";
import type { SuccessView } from "./views";

/** Renders the page to which Stripe sends a person who has paid, if the application has no front end of its own. */
export function renderSuccessPage(view: SuccessView): string {
  return renderDocument({
    title: "Back from checkout",
    nonce: view.nonce,
    shape: "text",
    script: COPY_SCRIPT,
    main: html`<h1>${headline(view)}</h1>
${facts(view)}
${confirmation(view)}`,
  });
}

function headline({ session }: SuccessView): string {
  if (session === null) return "Stripe knows no such session";
  if (session.status !== "complete") return "This session is not complete";
  return session.paymentStatus === "unpaid" ? "Payment on its way" : "Payment received";
}

function facts({ sessionId, session }: SuccessView): Html {
  return html`<dl>
<dt>Session</dt><dd><code>${sessionId ?? "none in the address"}</code></dd>
${
  session !== null &&
  html`<dt>Status at Stripe</dt><dd><code>${session.status}</code></dd>
<dt>Payment</dt><dd><code>${session.paymentStatus}</code></dd>
<dt>Amount</dt><dd>${formatMoney(session.totalMinor, session.currency)}</dd>`
}
</dl>`;
}

/** Renders the command, only for an id that is safe inside a shell's quotes, because it will be pasted into one. */
function confirmation({ origin, sessionId, session }: SuccessView): Html | false {
  if (session === null || sessionId === null || !/^\w+$/.test(sessionId)) return false;
  return html`<h2>Confirm it</h2>
<p>The front end now hands the session to the API, with the token of the client who paid. If it never does, Stripe’s event or the sweep accepts the offer all the same.</p>
${codeBlock(`curl -i "${origin}/api/v1/testimonies/offers/accept" \\
  -H "Authorization: Bearer $CLIENT" -H "Content-Type: application/json" \\
  -d '{"sessionId":"${sessionId}"}'`)}
<p>Expect <code>204 No Content</code>, each time you ask.</p>`;
}
