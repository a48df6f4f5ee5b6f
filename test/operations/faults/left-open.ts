import { env } from "cloudflare:workers";
import type { Journey } from "../../journey";

/** Lists everything that is unfinished, or was due in the past. Nothing may be left when Stripe works again. */
export async function leftOpen(journey: Journey): Promise<string[]> {
  const { nowSeconds } = (await journey.control("GET", "clock")).body;
  const pages = await env.DB.batch<{ what: string }>(
    unfinished.map((query) => env.DB.prepare(query.replace("now()", String(nowSeconds * 1000)))),
  );
  return pages.flatMap(({ results }) => results.map(({ what }) => what));
}

const unfinished = [
  "select 'call ' || kind || ' (' || attempts || ' attempts): ' || coalesce(failure, '') as what from stripe_effects where state = 'open'",
  "select 'event ' || type || ': ' || state as what from stripe_events where state <> 'processed' or due_at <= now()",
  "select 'checkout ' || state as what from checkouts where state in ('claimed', 'returning') or due_at <= now()",
  "select 'payout ' || state as what from payouts where state in ('due', 'sending', 'reversing') or due_at <= now()",
  "select 'refund ' || state as what from refunds where state in ('claimed', 'pending') or due_at <= now()",
  "select 'account ' || state as what from payout_accounts where state = 'creating' or due_at <= now()",
  "select 'payment ' || state as what from payments where state = 'creating' or due_at <= now()",
  "select kind || ' of a payment ' || state as what from payment_refunds where state = 'claimed'",
  "select 'connected account ' || state as what from connected_accounts where state in ('creating', 'deleting') or due_at <= now()",
  "select 'payment method ' || state as what from payment_methods where state in ('attaching', 'removing')",
  "select 'key ' || operation as what from idempotency_keys where done_by is null",
];

/** Steps in seconds; their sum stays below a session's life. */
const steps = [0, 3, 6, 16, 61, 301, 301, 301, 901];

/** Moves the clock until nothing is left, or gives up. Returns what was left. */
export async function settle(journey: Journey): Promise<string[]> {
  let left: string[] = [];
  for (const seconds of steps) {
    await journey.advance(seconds);
    left = await leftOpen(journey);
    if (left.length === 0) return left;
  }
  return left;
}

/** Waits for work that runs by itself, through the queue. */
export async function eventually(what: string, holds: () => Promise<boolean>, withinMs = 15_000): Promise<void> {
  const endMs = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > endMs) throw new Error(`never happened: ${what}`);
    await scheduler.wait(25);
  }
}
