/**
 * Makes each test card a button that fills the form, and lets a second click on Pay send nothing.
 * Without it the page is the same, and the numbers are typed.
 */
export const CHECKOUT_SCRIPT = `
const form = document.getElementById("payment");
const pay = document.getElementById("pay");
for (const row of document.querySelectorAll("[data-number]")) {
  const number = row.dataset.number;
  const isCard = /^[0-9]/.test(number);
  const fill = document.createElement("button");
  fill.type = "button";
  fill.append(...row.childNodes);
  fill.addEventListener("click", () => {
    form.elements.cardNumber.value = number;
    form.elements.expiry.value = isCard ? "12 / 34" : "";
    form.elements.cvc.value = isCard ? "123" : "";
    pay.focus();
  });
  row.append(fill);
}
document.getElementById("fill-hint").hidden = false;
form.addEventListener("submit", () => { pay.disabled = true; });
addEventListener("pageshow", () => { pay.disabled = false; });
`;
