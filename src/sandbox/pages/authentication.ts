import { renderDocument } from "./document";
import { html } from "./html";
import { link } from "./link";
import { formatMoney } from "./money";
import type { AuthenticationView } from "./views";

/** Renders the step in which a cardholder's bank asks for confirmation (3-D Secure). */
export function renderAuthenticationPage(view: AuthenticationView): string {
  const total = formatMoney(view.totalMinor, view.currency);
  return renderDocument({
    title: "Confirm your payment",
    nonce: view.nonce,
    shape: "card",
    main: html`<p class="quiet">Test bank · 3-D Secure</p>
<h1>Is this you?</h1>
<p>${view.merchantName} asks to charge <strong>${total}</strong> to the card ending in <strong>${view.last4}</strong>. Your bank wants you to confirm it.</p>
<form method="post" class="buttons">
<button type="submit" class="primary" name="authentication" value="approve">Approve payment</button>
<button type="submit" class="secondary" name="authentication" value="fail">Refuse</button>
</form>
${view.cancelUrl !== null && html`<p class="cancel"><a href="${link(view.cancelUrl)}">Cancel and return to ${view.merchantName}</a></p>`}`,
  });
}
