import { type Html, html } from "./html";
import { formatMoney } from "./money";
import type { LineItemView } from "./views";

/** Renders what is paid for, line by line, with the sum. `words` name the sum. */
export function items(lineItems: readonly LineItemView[], totalMinor: number, currency: string, words: string): Html {
  return html`<ul class="items">
${lineItems.map((item) => lineItem(item, currency))}</ul>
<p class="line sum"><span>${words}</span> <span class="amount">${formatMoney(totalMinor, currency)}</span></p>`;
}

function lineItem({ name, quantity, description, amountMinor }: LineItemView, currency: string): Html {
  return html`<li class="line"><span>${name}${quantity !== 1 && html` <span class="quiet">× ${quantity}</span>`}
${description !== null && html`<small>${description}</small>`}</span> <span class="amount">${formatMoney(amountMinor, currency)}</span></li>
`;
}
