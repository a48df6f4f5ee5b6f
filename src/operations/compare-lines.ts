/** What moved money on one side or on both, by the object that moved it. Amounts in minor units. */
export interface ComparedLine {
  reference: string;
  currency: string;
  /** What Stripe calls its lines. */
  types: string[];
  stripeMinor: number;
  ledgerMinor: number;
}

interface Theirs {
  reference: string;
  type: string;
  currency: string;
  netMinor: number;
}

interface Ours {
  reference: string;
  currency: string;
  sumMinor: number;
}

/** Lays Stripe's lines beside ours. What only one side knows is a line of its own. */
export function compareLines(theirs: readonly Theirs[], ours: readonly Ours[]): ComparedLine[] {
  const lines = new Map<string, ComparedLine>();
  const at = (reference: string, currency: string) => {
    const key = `${reference} ${currency}`;
    const line = lines.get(key) ?? { reference, currency, types: [], stripeMinor: 0, ledgerMinor: 0 };
    lines.set(key, line);
    return line;
  };
  for (const { reference, type, currency, netMinor } of theirs) {
    const line = at(reference, currency);
    line.stripeMinor += netMinor;
    line.types.push(type);
  }
  for (const { reference, currency, sumMinor } of ours) at(reference, currency).ledgerMinor += sumMinor;
  return [...lines.values()];
}

/** Whether both sides say the same. */
export function agrees({ stripeMinor, ledgerMinor }: ComparedLine): boolean {
  return stripeMinor === ledgerMinor;
}
