import { decimalsOf, printMinor } from "./amount";

interface Amount {
  minor: number | string;
  currency: string;
  /** Decimals that are not those of the currency, as of transfers. */
  digits?: number;
}

/** An amount with its currency. */
export function Money({ minor, currency, digits = decimalsOf(currency) }: Amount) {
  return (
    <span class="amount">
      {printMinor(minor, digits)} <span class="currency">{currency.toUpperCase()}</span>
    </span>
  );
}

interface Half extends Amount {
  side: "debit" | "credit";
  withCurrency?: boolean;
}

/** The amount of a ledger line in its column: debits are positive, credits negative. */
export function Side({ side, minor, currency, withCurrency = false }: Half) {
  const text = String(minor);
  const isHere = text.startsWith("-") === (side === "credit") && !/^-?0+$/.test(text);
  if (!isHere) return null;
  const unsigned = text.replace("-", "");
  if (withCurrency) return <Money minor={unsigned} currency={currency} />;
  return <span class="amount">{printMinor(unsigned, decimalsOf(currency))}</span>;
}
