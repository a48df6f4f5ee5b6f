import { renderDocument } from "./document";
import { html } from "./html";
import { link } from "./link";
import type { CancelView } from "./views";

/** Renders the page to which Stripe sends a person who cancelled, if the application has no front end of its own. */
export function renderCancelPage(view: CancelView): string {
  return renderDocument({
    title: "Payment cancelled",
    nonce: view.nonce,
    shape: "card",
    main: html`<h1>Payment cancelled</h1>
<p>You have not been charged. The offer is still there: go back to the payment page, or start the checkout again.</p>
${view.sessionId !== null && html`<dl><dt>Session</dt><dd><code>${view.sessionId}</code></dd></dl>`}
${view.checkoutUrl !== null && html`<p><a class="primary" href="${link(view.checkoutUrl)}">Return to checkout</a></p>`}`,
  });
}
