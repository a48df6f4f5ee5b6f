import { moveCursor } from "../../db/cursors";
import { booksAggregate, openingChange, selectOpening } from "../../db/opening-balance";
import { stripeBalanceByReference } from "../../db/postings";
import { selectFirstPayment, selectFirstTestimony } from "../../db/stripe-fees";
import { openingReference } from "../../domain/ledger";
import { type Result, refuse, success } from "../../domain/result";
import { operatorAudience } from "../../domain/webhooks/event";
import { type BalanceLine, listBalanceLines } from "../../stripe/balance";
import { backdatedMs, feesCursor } from "../book-stripe-fees";
import { appendChange } from "../change";
import type { Deps } from "../deps";

/**
 * States, once, what Stripe held for the platform before Accord: everything that Stripe dates before a moment becomes
 * one balance per currency, and the books explain what comes after. The sum is Stripe's, not the caller's. Refuses
 * `opening_refused`: a moment so late that Stripe may still date bills before it, one after our first payment, and a
 * second opening. Refuses `stripe_unavailable`.
 */
export async function openBooks(
  deps: Deps,
  { operator, note, beforeMs }: { operator: string; note: string; beforeMs: number },
): Promise<Result<{ balances: { currency: string; amountMinor: number }[]; lines: number }>> {
  if (beforeMs > deps.nowMs() - backdatedMs) {
    return refuse(
      "opening_refused",
      "Stripe may still date bills before that moment: name one at least three days ago.",
    );
  }
  const [opened, ...first] = await deps.db.batch([
    selectOpening(deps.db),
    selectFirstPayment(deps.db),
    selectFirstTestimony(deps.db),
  ]);
  if (opened.length > 0) return refuse("opening_refused", "they were opened already.");
  if (first.flat().some(({ createdAt }) => createdAt < beforeMs)) {
    return refuse("opening_refused", "what was sold through Accord is older than that moment.");
  }
  const listed = await listBalanceLines(deps.stripe);
  if (!listed.ok) return refuse("stripe_unavailable", listed.failure.message);
  const [ours] = await deps.db.batch([stripeBalanceByReference(deps.db)]);
  const earlier = linesBefore(listed.value, beforeMs, ours);
  const balances = sumsOf(earlier);
  const answer = success({ balances, lines: earlier.length });
  await appendChange(
    deps,
    { aggregateId: booksAggregate, tenant: operatorAudience, version: 0, sequence: 0 },
    {
      name: openingChange,
      actor: "operator",
      data: { operator, note, beforeMs, lines: earlier.length },
      // The clock reads Stripe's own lines from that moment on.
      rows: [moveCursor(deps.db, feesCursor, beforeMs)],
      postings: balances.flatMap(({ currency, amountMinor }) => [
        { account: "stripe_balance" as const, currency, amountMinor, reference: openingReference },
        { account: "opening_balance" as const, currency, amountMinor: -amountMinor, reference: openingReference },
      ]),
      answer,
    },
  );
  return answer;
}

/** Returns the lines of the opening balance: those that are older than it and that our books do not know. */
export function linesBefore(
  lines: readonly BalanceLine[],
  beforeMs: number,
  ours: readonly { reference: string }[],
): BalanceLine[] {
  const known = new Set(ours.map(({ reference }) => reference));
  return lines.filter(({ createdAtMs, reference }) => createdAtMs < beforeMs && !known.has(reference));
}

function sumsOf(lines: readonly BalanceLine[]): { currency: string; amountMinor: number }[] {
  const sums = new Map<string, number>();
  for (const { currency, netMinor } of lines) sums.set(currency, (sums.get(currency) ?? 0) + netMinor);
  return [...sums]
    .filter(([, amountMinor]) => amountMinor !== 0)
    .map(([currency, amountMinor]) => ({ currency, amountMinor }))
    .sort((one, other) => (one.currency < other.currency ? -1 : 1));
}
