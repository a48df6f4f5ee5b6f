import { CHECKOUT_SCRIPT } from "./checkout-script";
import { declineText } from "./decline-text";
import { renderDocument } from "./document";
import { type Html, html } from "./html";
import { items } from "./items";
import { link } from "./link";
import { formatMoney } from "./money";
import { TEST_CARDS } from "./test-cards";
import type { CheckoutView } from "./views";

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
${testCards(view)}`,
  });
}

function summary(view: CheckoutView, total: string): Html {
  return html`<section class="summary" aria-labelledby="merchant">
<p class="merchant" id="merchant"><span class="mark" aria-hidden="true">${initial(view.merchantName)}</span>${view.merchantName}</p>
<h1><span class="quiet">Amount to pay</span> <span class="total">${total}</span></h1>
${items(view.lineItems, view.totalMinor, view.currency, "Total due")}
</section>`;
}

function initial(name: string): string {
  return Array.from(name.trim())[0]?.toUpperCase() ?? "";
}

function form(view: CheckoutView, total: string): Html {
  const { customerEmail, declineCode, entered, methods } = view;
  const declined = declineCode === null ? null : declineText(declineCode);
  const input = (name: string, attributes: Html, value: string) =>
    html`<input id="${name}" name="${name}" ${attributes} value="${value}"${declined?.field === name && html` aria-invalid="true" aria-describedby="decline"`}>`;
  return html`<section class="payment" aria-labelledby="pay-with">
<h2 id="pay-with">Payment details</h2>
${
  declined !== null &&
  html`<div class="alert" role="alert" id="decline" tabindex="-1" autofocus><strong>${declined.happened}</strong> ${declined.advice}</div>`
}
<form method="post" id="payment">
<label for="email">E-mail</label>
${input("email", html`type="email" autocomplete="email" maxlength="254" required${customerEmail !== null && html` readonly`}`, customerEmail ?? entered.email)}
${choice(methods, entered.method)}
<div class="with-card">
<label for="cardNumber">Card number</label>
${input("cardNumber", html`inputmode="numeric" autocomplete="cc-number" placeholder="1234 1234 1234 1234" maxlength="42" spellcheck="false"`, entered.cardNumber)}
<div class="pair">
<div><label for="expiry">Expiry date</label>
${input("expiry", html`inputmode="numeric" autocomplete="cc-exp" placeholder="MM / YY" maxlength="9"`, entered.expiry)}</div>
<div><label for="cvc">Security code</label>
${input("cvc", html`inputmode="numeric" autocomplete="cc-csc" placeholder="CVC" maxlength="4"`, "")}</div>
</div>
</div>
${
  methods.includes("sepa_debit") &&
  html`<div class="with-debit">
<label for="iban">IBAN</label>
${input("iban", html`autocomplete="off" placeholder="AT00 0000 0000 0000 0000" maxlength="42" spellcheck="false"`, entered.iban)}
</div>`
}
<label for="name">Name on card or account</label>
${input("name", html`autocomplete="cc-name" maxlength="255"`, entered.name)}
<button type="submit" class="primary" id="pay">Pay ${total}</button>
</form>
${view.cancelUrl !== null && html`<p class="cancel"><a href="${link(view.cancelUrl)}">Cancel and return to ${view.merchantName}</a></p>`}</section>`;
}

const METHODS: Readonly<Record<string, { readonly title: string; readonly about: string }>> = {
  card: { title: "Card", about: "Paid at once" },
  sepa_debit: { title: "SEPA direct debit", about: "Your bank decides later" },
};

/** Renders the methods as choices; the style shows the fields of the chosen one. */
function choice(methods: readonly string[], chosen: string): Html {
  return html`<fieldset class="methods"><legend>Pay with</legend>
${methods.map((method) => {
  const { title, about } = METHODS[method] ?? { title: method, about: "" };
  return html`<label><input type="radio" name="method" value="${method}"${method === chosen && html` checked`}> <span>${title} <small>${about}</small></span></label>
`;
})}</fieldset>`;
}

function testCards({ methods }: CheckoutView): Html {
  const groups = TEST_CARDS.filter(({ method }) => methods.includes(method));
  return html`<section class="test-cards" aria-labelledby="test-cards">
<h2 id="test-cards">Test cards</h2>
<p class="quiet">Only in the sandbox: the number decides what happens. Any future date and any security code will do. <span id="fill-hint" hidden>Choose one to fill the form.</span></p>
${groups.map(
  (group) => html`<h3>${group.title}</h3>
<ul>
${group.cards.map(
  (card) => html`<li data-number="${card.number}"><code>${card.number}</code> <span>${card.effect}</span></li>
`,
)}</ul>
`,
)}</section>`;
}
