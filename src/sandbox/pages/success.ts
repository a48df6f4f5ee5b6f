import { codeBlock } from "./code-block";
import { COPY_SCRIPT } from "./copy-script";
import { renderDocument } from "./document";
import { type Html, html } from "./html";
import { items } from "./items";
import { link } from "./link";
import type { SuccessView } from "./views";

/** Renders the page to which Stripe sends a person who has paid, if the application has no front end of its own. */
export function renderSuccessPage(view: SuccessView): string {
  const { headline, next } = outcomeOf(view);
  return renderDocument({
    title: headline,
    nonce: view.nonce,
    shape: "card",
    script: COPY_SCRIPT,
    main: html`<h1>${headline}</h1>
${bought(view)}
<h2>What happens next</h2>
<p>${next}</p>
${onwards(view)}
${confirmation(view)}`,
  });
}

function outcomeOf({ session }: SuccessView): { headline: string; next: string } {
  if (session === null) {
    return {
      headline: "Stripe knows no such session",
      next: "Nothing. Check the address: after a reset of the sandbox, earlier sessions are gone.",
    };
  }
  if (session.status !== "complete") {
    return {
      headline: "This payment is not finished",
      next: "Nothing, until you have paid. You have not been charged.",
    };
  }
  if (session.paymentStatus === "unpaid") {
    return {
      headline: "Payment on its way",
      next: "Your bank decides within some days. The offer is accepted as soon as the money is there, and you are told either way. You need not do anything.",
    };
  }
  return {
    headline: "Payment received",
    next: "The offer is accepted and the expert is told, within seconds and by itself, even if you close this page. If another offer was accepted just before, you get everything back.",
  };
}

function bought({ session }: SuccessView): Html | false {
  if (session === null) return false;
  const { lineItems, totalMinor, currency, receiptEmail, status } = session;
  const isComplete = status === "complete";
  return html`<h2>${isComplete ? "What you bought" : "What it is for"}</h2>
${items(lineItems, totalMinor, currency, isComplete ? "Paid" : "Total due")}
${isComplete && receiptEmail !== null && html`<p class="quiet">The receipt goes to ${receiptEmail}.</p>`}`;
}

function onwards({ sessionId, session, checkoutUrl }: SuccessView): Html {
  return html`<p class="buttons">${checkoutUrl !== null && html`<a class="primary" href="${link(checkoutUrl)}">Return to checkout</a>`}
<a class="${checkoutUrl === null ? "primary" : "secondary"}" href="/console/welcome">Back to Accord</a>
${session !== null && html`<a class="secondary" href="/console/objects/${encodeURIComponent(sessionId ?? "")}">See what happened, in the console</a>`}</p>`;
}

/** Renders the command, only for an id that is safe inside a shell's quotes, because it will be pasted into one. */
function confirmation({ origin, sessionId, session }: SuccessView): Html | false {
  if (session?.status !== "complete" || sessionId === null || !/^\w+$/.test(sessionId)) return false;
  return html`<details><summary>For developers: confirm it</summary>
<p>The front end now hands the session to the API, with the token of the client who paid. If it never does, Stripe’s event or the sweep accepts the offer all the same.</p>
${codeBlock(`curl -i "${origin}/api/v1/testimonies/offers/accept" \\
  -H "Authorization: Bearer $CLIENT" -H "Content-Type: application/json" \\
  -d '{"sessionId":"${sessionId}"}'`)}
<p>Expect <code>204 No Content</code>, each time you ask.</p></details>`;
}
