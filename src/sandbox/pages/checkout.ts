import { CHECKOUT_SCRIPT } from "./checkout-script";
import { declineText } from "./decline-text";
import { renderDocument } from "./document";
import { type Html, html } from "./html";
import { link } from "./link";
import { formatMoney } from "./money";
import { TEST_CARDS } from "./test-cards";
import type { CheckoutView, LineItemView } from "./views";

/** Renders the hosted payment page of a checkout session, also after a decline. */
export function renderCheckoutPage(view: CheckoutView): string {
  const total = formatMoney(view.totalMinor, view.currency);
  return renderDocument({
    title: `${view.declineCode === null ? "" : "Not paid · "}Pay ${total} to ${view.merchantName}`,
    nonce: view.nonce,
    shape: "checkout",
    script: CHECKOUT_SCRIPT,
    main: html`${summary(view, total)}
${form(view, total)}
${testCards()}`,
  });
}

function summary(view: CheckoutView, total: string): Html {
  return html`<section class="summary" aria-labelledby="merchant">
<p class="merchant" id="merchant"><span class="mark" aria-hidden="true">${initial(view.merchantName)}</span>${view.merchantName}</p>
<h1><span class="quiet">Amount to pay</span> <span class="total">${total}</span></h1>
<ul class="items">
${view.lineItems.map((item) => lineItem(item, view.currency))}</ul>
<p class="line sum"><span>Total due</span> <span class="amount">${total}</span></p>
</section>`;
}

function initial(name: string): string {
  return Array.from(name.trim())[0]?.toUpperCase() ?? "";
}

function lineItem(item: LineItemView, currency: string): Html {
  return html`<li class="line"><span>${item.name}${item.quantity !== 1 && html` <span class="quiet">× ${item.quantity}</span>`}
${item.description !== null && html`<small>${item.description}</small>`}</span> <span class="amount">${formatMoney(item.amountMinor, currency)}</span></li>
`;
}

function form(view: CheckoutView, total: string): Html {
  const declined = view.declineCode === null ? null : declineText(view.declineCode);
  const wrong = (field: string) => declined?.field === field && html` aria-invalid="true" aria-describedby="decline"`;
  return html`<section class="payment" aria-labelledby="pay-with">
<h2 id="pay-with">Payment details</h2>
${
  declined !== null &&
  html`<div class="alert" role="alert" id="decline" tabindex="-1" autofocus><strong>${declined.happened}</strong> ${declined.advice}</div>`
}
${view.customerEmail !== null && html`<p class="line contact"><span class="quiet">Email</span> <span>${view.customerEmail}</span></p>`}
<form method="post" id="payment">
<label for="cardNumber">Card number</label>
<input id="cardNumber" name="cardNumber" inputmode="numeric" autocomplete="cc-number" placeholder="1234 1234 1234 1234" maxlength="42" required spellcheck="false"${wrong("cardNumber")}>
<div class="pair">
<div><label for="expiry">Expiry date</label>
<input id="expiry" name="expiry" inputmode="numeric" autocomplete="cc-exp" placeholder="MM / YY" maxlength="9"${wrong("expiry")}></div>
<div><label for="cvc">Security code</label>
<input id="cvc" name="cvc" inputmode="numeric" autocomplete="cc-csc" placeholder="CVC" maxlength="4"${wrong("cvc")}></div>
</div>
<label for="name">Name on card</label>
<input id="name" name="name" autocomplete="cc-name" maxlength="255" value="${view.enteredName ?? ""}">
<button type="submit" class="primary" id="pay">Pay ${total}</button>
</form>
${view.cancelUrl !== null && html`<p class="cancel"><a href="${link(view.cancelUrl)}">Cancel and return to ${view.merchantName}</a></p>`}</section>`;
}

function testCards(): Html {
  return html`<section class="test-cards" aria-labelledby="test-cards">
<h2 id="test-cards">Test cards</h2>
<p class="quiet">Only in the sandbox: the number decides what happens. Any future date and any security code will do. <span id="fill-hint" hidden>Choose one to fill the form.</span></p>
${TEST_CARDS.map(
  (group) => html`<h3>${group.title}</h3>
<ul>
${group.cards.map(
  (card) => html`<li data-number="${card.number}"><code>${card.number}</code> <span>${card.effect}</span></li>
`,
)}</ul>
`,
)}</section>`;
}
