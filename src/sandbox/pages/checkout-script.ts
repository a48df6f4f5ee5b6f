/**
 * Makes each test card a button that fills the form, spaces numbers as they are typed, and ignores a second click on
 * Pay. Without this script the page is the same, and the numbers are typed.
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
    form.elements.method.value = isCard ? "card" : "sepa_debit";
    form.elements[isCard ? "cardNumber" : "iban"].value = number;
    form.elements.expiry.value = isCard ? "12 / 34" : "";
    form.elements.cvc.value = isCard ? "123" : "";
    pay.focus();
  });
  row.append(fill);
}
document.getElementById("fill-hint").hidden = false;
const whileTyping = (field, spaced) => field.addEventListener("input", (event) => {
  const isAtEnd = field.selectionStart === field.value.length;
  if (isAtEnd && !event.inputType?.startsWith("delete")) field.value = spaced(field.value);
});
whileTyping(form.elements.cardNumber, (typed) => {
  const number = typed.replaceAll(" ", "");
  return /^[0-9]+$/.test(number) ? number.replace(/[0-9]{4}(?=[0-9])/g, "$& ") : typed;
});
whileTyping(form.elements.expiry, (typed) => {
  if (!/^[0-9]{2}/.test(typed)) return typed;
  const digits = typed.replace(/[^0-9]/g, "");
  return digits.slice(0, 2) + " / " + digits.slice(2);
});
form.addEventListener("submit", () => { pay.disabled = true; });
addEventListener("pageshow", () => { pay.disabled = false; });
`;
