import { renderDocument } from "./document";
import { html } from "./html";
import { items } from "./items";
import { link } from "./link";
import { formatMoney } from "./money";
import type { AuthenticationView } from "./views";

/** Renders the step in which a cardholder's bank asks for confirmation (3-D Secure). */
export function renderAuthenticationPage(view: AuthenticationView): string {
  const { merchantName, currency, totalMinor, lineItems, last4, cancelUrl, nonce } = view;
  return renderDocument({
    title: "Confirm your payment",
    nonce,
    shape: "card",
    main: html`<p class="quiet">Test bank · 3-D Secure</p>
<h1>Is this you?</h1>
<p>${merchantName} asks ${totalMinor === 0 ? "to keep" : html`to charge <strong>${formatMoney(totalMinor, currency)}</strong> to`} the card ending in <strong>${last4}</strong>. Your bank wants you to confirm it.</p>
${lineItems.length > 0 && items(lineItems, totalMinor, currency, "Total")}
<form method="post" class="buttons">
<button type="submit" class="primary" name="authentication" value="approve">Approve payment</button>
<button type="submit" class="secondary" name="authentication" value="fail">Refuse</button>
</form>
<p class="quiet">${totalMinor === 0 ? "If you approve, the card can be used later." : `If you approve, the payment is made and ${merchantName} goes on.`} If you refuse, nothing is charged.</p>
${cancelUrl !== null && html`<p class="cancel"><a href="${link(cancelUrl)}">Cancel and return to ${merchantName}</a></p>`}`,
  });
}
