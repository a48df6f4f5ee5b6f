import { renderDocument } from "./document";
import { html } from "./html";
import { items } from "./items";
import { link } from "./link";
import type { CancelView } from "./views";

/** Renders the page to which Stripe sends a person who cancelled, if the application has no front end of its own. */
export function renderCancelPage({ nonce, session, checkoutUrl }: CancelView): string {
  return renderDocument({
    title: "Payment cancelled",
    nonce,
    shape: "card",
    main: html`<h1>Payment cancelled</h1>
<p>You have not been charged, and nothing is bought.</p>
${
  session !== null &&
  html`<h2>What you left</h2>
${items(session.lineItems, session.totalMinor, session.currency, "Not paid")}`
}
<h2>What happens next</h2>
<p>${
      checkoutUrl === null
        ? "Nothing by itself. Start the checkout again whenever you like, as long as the offer stands."
        : "Nothing by itself. The offer is still there, and the payment page stays open for a while."
    }</p>
<p class="buttons">${checkoutUrl !== null && html`<a class="primary" href="${link(checkoutUrl)}">Return to checkout</a>`}
<a class="${checkoutUrl === null ? "primary" : "secondary"}" href="/console/welcome">Back to Accord</a></p>`,
  });
}
