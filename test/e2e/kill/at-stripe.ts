import type { Journey } from "../../journey.ts";

export interface AtStripe {
  sessions: StripeSession[];
  transfers: { id: string; amount: number; transfer_group: string }[];
  refunds: { id: string; amount: number; payment_intent: string; status: string }[];
  accounts: { id: string; email: string | null; metadata: Record<string, string> }[];
}

export interface StripeSession {
  id: string;
  status: "open" | "complete" | "expired";
  payment_status: "paid" | "unpaid";
  payment_intent: string | null;
  amount_total: number;
  metadata: Record<string, string>;
}

/** Reads everything that exists at Stripe, through Stripe's own lists. */
export async function atStripe(journey: Journey): Promise<AtStripe> {
  const [sessions, transfers, refunds, accounts] = await Promise.all([
    all<StripeSession>(journey, "/checkout/sessions"),
    all<AtStripe["transfers"][number]>(journey, "/transfers"),
    all<AtStripe["refunds"][number]>(journey, "/refunds"),
    all<AtStripe["accounts"][number]>(journey, "/accounts"),
  ]);
  return { sessions, transfers, refunds, accounts };
}

/** Reads a whole list of Stripe's, of the platform or of a connected account. */
export async function all<T extends { id: string }>(journey: Journey, path: string, account?: string): Promise<T[]> {
  const found: T[] = [];
  for (let cursor = ""; ; ) {
    const page = await journey.stripe(`${path}?limit=100${cursor}`, account);
    found.push(...page.data);
    if (!page.has_more) return found;
    cursor = `&starting_after=${found.at(-1)?.id}`;
  }
}
