import { purgeKeys } from "../db/idempotency";
import { purgePayloads } from "../db/stripe-events";
import { purgeTokens } from "../db/tokens";
import { purgeAttempts, purgeDeliveries } from "../db/webhook-deliveries";
import { done, type Result } from "../domain/result";
import type { Deps } from "./deps";

/** How much of each kind is forgotten at once: a page holds the database's only writer for some milliseconds. */
const pageSize = 1_000;

/** How many pages one run takes; the next minute's goes on. */
const pagesMax = 100;

/**
 * Forgets what is kept for a while only: idempotency keys, bearer tokens, payloads of Stripe's events, deliveries and
 * their attempts. Goes on while there is more, in runs of its own, so that nothing that is due waits for it.
 */
export async function purge(deps: Deps): Promise<Result<null>> {
  for (let page = 0; page < pagesMax && !(await purgePage(deps)); page += 1);
  return done;
}

/** Forgets one page of each kind. Answers whether that was all. */
export async function purgePage({ db, nowMs }: Deps): Promise<boolean> {
  const atMs = nowMs();
  const [keys, tokens, payloads, , deliveries] = await db.batch([
    purgeKeys(db, atMs, pageSize),
    purgeTokens(db, atMs, pageSize),
    purgePayloads(db, atMs, pageSize),
    purgeAttempts(db, atMs, pageSize), // first: they are found by their deliveries
    purgeDeliveries(db, atMs, pageSize),
  ]);
  return [keys, tokens, payloads, deliveries].every(({ meta }) => meta.changes < pageSize);
}
