/** A click on a test card fills the form; a second click on Pay sends nothing. Without it the form is the same. */
export const CHECKOUT_SCRIPT = `
const form = document.getElementById("payment");
const pay = document.getElementById("pay");
for (const card of document.querySelectorAll("[data-number]")) {
  card.addEventListener("click", () => {
    const isCard = /^[0-9]/.test(card.dataset.number);
    form.elements.cardNumber.value = card.dataset.number;
    form.elements.expiry.value = isCard ? "12 / 34" : "";
    form.elements.cvc.value = isCard ? "123" : "";
    pay.focus();
  });
}
form.addEventListener("submit", () => { pay.disabled = true; });
addEventListener("pageshow", () => { pay.disabled = false; });
`;
