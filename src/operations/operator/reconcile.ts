import { openedAtMs, selectOpening } from "../../db/opening-balance";
import { stripeBalanceByReference } from "../../db/postings";
import { openingReference } from "../../domain/ledger";
import { type Result, refuse, success } from "../../domain/result";
import { type BalanceLine, type HeldMinor, isOwn, listBalanceLines, retrieveBalance } from "../../stripe/balance";
import type { StripeOutcome } from "../../stripe/failure";
import { feesAwaitedMs } from "../book-stripe-fees";
import type { Deps } from "../deps";
import { agrees, type ComparedLine, compareLines, type Reconciliation } from "./compare-lines";
import { linesBefore } from "./open-books";

/** Compares `stripe_balance` with Stripe's own balance, object by object, and leaves nothing unlabelled. Only reads. */
export async function reconcile(deps: Deps): Promise<Result<Reconciliation>> {
  const read = await readBooks(deps);
  if (!read.ok) return refuse("stripe_unavailable", read.failure.message);
  const { balance } = read.value;
  const [ours, opening] = await deps.db.batch([stripeBalanceByReference(deps.db), selectOpening(deps.db)]);
  const listed = sinceOpening(read.value.listed, openedAtMs(opening), ours);
  const lines = compareLines(listed, ours);
  const undecided = new Set(listed.filter(({ account }) => account === null).map(({ reference }) => reference));
  const differing = lines.filter((line) => !agrees(line) || undecided.has(line.reference));
  const awaitedIds = awaitedLines(deps, listed);
  const awaited = differing.filter(({ reference }) => awaitedIds.has(reference));
  const unexplained = differing.filter(({ reference }) => !awaitedIds.has(reference));
  const currencies = [...new Set([...balance.keys(), ...lines.map((line) => line.currency)])].sort().map((currency) => {
    const { availableMinor, pendingMinor } = balance.get(currency) ?? { availableMinor: 0, pendingMinor: 0 };
    const stripeBalanceMinor = BigInt(availableMinor) + BigInt(pendingMinor);
    const ledgerBalanceMinor = sum(lines, currency, ({ ledgerMinor }) => ledgerMinor);
    const awaitedMinor = sum(awaited, currency, ({ stripeMinor, ledgerMinor }) => stripeMinor - ledgerMinor);
    const unexplainedMinor = stripeBalanceMinor - ledgerBalanceMinor - awaitedMinor;
    return { currency, stripeBalanceMinor, ledgerBalanceMinor, awaitedMinor, unexplainedMinor };
  });
  const ok = unexplained.length === 0 && currencies.every((one) => one.unexplainedMinor === 0n);
  return success({ ok, currencies, lines, unexplained });
}

/** The most attempts to read Stripe's balance when something moves while its lines are listed. */
const readingsMax = 3;

/** Reads Stripe's balance with the lines that make it up, as of one moment, although money moves meanwhile. */
async function readBooks(
  deps: Deps,
  readings = 1,
): Promise<StripeOutcome<{ balance: ReadonlyMap<string, HeldMinor>; listed: BalanceLine[] }>> {
  const before = await retrieveBalance(deps.stripe);
  if (!before.ok) return before;
  const listed = await listBalanceLines(deps.stripe);
  if (!listed.ok) return listed;
  const after = await retrieveBalance(deps.stripe);
  if (!after.ok) return after;
  const hasMoved = JSON.stringify([...before.value]) !== JSON.stringify([...after.value]);
  if (hasMoved && readings < readingsMax) return readBooks(deps, readings + 1);
  return { ok: true, value: { balance: after.value, listed: listed.value } };
}

/** Assigns the lines that the opening balance contains to it, whatever they were. */
function sinceOpening(
  listed: readonly BalanceLine[],
  openedMs: number | undefined,
  ours: readonly { reference: string }[],
): BalanceLine[] {
  if (openedMs === undefined) return [...listed];
  const earlier = new Set(linesBefore(listed, openedMs, ours));
  const summedUp = { reference: openingReference, account: "opening_balance" } as const;
  return listed.map((line) => (earlier.has(line) ? { ...line, ...summedUp } : line));
}

function awaitedLines(deps: Deps, lines: readonly BalanceLine[]): Set<string> {
  const sinceMs = deps.nowMs() - feesAwaitedMs;
  return new Set(lines.filter((line) => isOwn(line) && line.createdAtMs >= sinceMs).map(({ id }) => id));
}

/** Sums over all lines that ever were, as a bigint: the sum may exceed what a number holds. */
function sum(lines: readonly ComparedLine[], currency: string, of: (line: ComparedLine) => number): bigint {
  return lines.filter((line) => line.currency === currency).reduce((total, line) => total + BigInt(of(line)), 0n);
}
