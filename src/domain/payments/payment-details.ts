/** A caller's words about a payment beside its terms. They are passed on to Stripe and decide nothing. */
export interface PaymentDetails {
  description: string | null;
  /** Text behind the account's own name on a card's statement. */
  statementDescriptorSuffix: string | null;
  /** Where Stripe sends the receipt. */
  receiptEmail: string | null;
  metadata: Record<string, string> | null;
}

/** Keys of a PaymentIntent's metadata that are ours, and that no caller may set. */
export const ownMetadataKeys = ["payment_id", "order_id", "app_id", "developer_id", "user_id"] as const;

/** The limits of Stripe's metadata (https://docs.stripe.com/api/metadata), less the keys that are ours. */
export const metadataLimits = { keys: 50 - ownMetadataKeys.length, keyLength: 40, valueLength: 500 } as const;

/** Stripe's limit for a description. */
export const descriptionMax = 1_000;

/**
 * Says what is wrong with a suffix of a statement's text: up to 22 printable Latin characters, one of them a letter, and
 * none that banks refuse. Returns undefined if nothing is.
 * https://docs.stripe.com/get-started/account/statement-descriptors#requirements
 */
export function suffixProblem(text: string): string | undefined {
  if (text.length > 22) return "must be at most 22 characters";
  if (!/^[ -~]*$/.test(text) || /[<>\\'"*]/.test(text)) return "must be Latin characters, without < > \\ ' \" *";
  return /[A-Za-z]/.test(text) ? undefined : "must have a letter";
}

/**
 * Tells whether what is said now agrees with what was said first. What is left out agrees with everything.
 */
export function agree(said: PaymentDetails, first: PaymentDetails): boolean {
  const names = ["description", "statementDescriptorSuffix", "receiptEmail"] as const;
  const isSame = names.every((name) => said[name] === null || said[name] === first[name]);
  return isSame && (said.metadata === null || printed(said.metadata) === printed(first.metadata ?? {}));
}

function printed(metadata: Record<string, string>): string {
  return JSON.stringify(Object.entries(metadata).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
