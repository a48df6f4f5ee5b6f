/**
 * Tells whether a text is a Slovak account number in electronic form: its form, its check digits (ISO 13616, by ISO
 * 7064 MOD 97-10), and those of the prefix and of the account. The test compares it with the package ibantools, whose
 * tables for all other countries would weigh more than everything else that checks inputs of the contract.
 */
export function isSlovakIban(text: string): boolean {
  const [, check, bank, prefix, account] = /^SK(\d{2})(\d{4})(\d{6})(\d{10})$/.exec(text) ?? [];
  if (prefix === undefined || account === undefined) return false;
  const rest = Number(BigInt(`${bank}${prefix}${account}${digitsOfSk}00`) % 97n);
  return Number(check) === 98 - rest && hasCheckDigit(prefix) && hasCheckDigit(account);
}

const digitsOfSk = "2820";

/** The weights of digits, by their distance from the last. */
const weights = [1, 2, 4, 8, 5, 10, 9, 7, 3, 6];

/** Tells whether the last digit makes the weighted sum a multiple of 11; it is 1 where none could. */
function hasCheckDigit(digits: string): boolean {
  const [last, ...others] = [...digits].map(Number).reverse();
  const sum = others.reduce((total, digit, at) => total + digit * (weights[at + 1] ?? 0), 0);
  const missing = (11 - (sum % 11)) % 11;
  return last === (missing === 10 ? 1 : missing);
}
