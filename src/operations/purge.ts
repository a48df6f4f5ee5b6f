import { purgeKeys } from "../db/idempotency";
import { purgeMails } from "../db/offers/mails";
import { purgeTokens } from "../db/offers/tokens";
import { purgePayloads } from "../db/stripe-events";
import { purgeAttempts, purgeDeliveries } from "../db/webhooks/deliveries";
import { done, type Result } from "../domain/result";
import type { Deps } from "./deps";

/**
 * The most rows of each kind that are deleted at once: a page occupies the database's only writer for some
 * milliseconds.
 */
const pageSize = 1_000;

/** The most pages of one run; the next minute's run continues. */
const pagesMax = 100;

/**
 * Deletes rows that are kept for a while only: idempotency keys, bearer tokens, mails, payloads of Stripe's events, deliveries
 * and their attempts. This has runs of its own, so that due work never waits for it.
 */
export async function purge(deps: Deps): Promise<Result<null>> {
  for (let page = 0; page < pagesMax && !(await purgePage(deps)); page += 1);
  return done;
}

/** Deletes one page of each kind. Returns whether that was all. */
export async function purgePage({ db, nowMs }: Deps): Promise<boolean> {
  const atMs = nowMs();
  const [keys, tokens, mails, payloads, , deliveries] = await db.batch([
    purgeKeys(db, atMs, pageSize),
    purgeTokens(db, atMs, pageSize),
    purgeMails(db, atMs, pageSize),
    purgePayloads(db, atMs, pageSize),
    purgeAttempts(db, atMs, pageSize), // first, because they are found by their deliveries
    purgeDeliveries(db, atMs, pageSize),
  ]);
  return [keys, tokens, mails, payloads, deliveries].every(({ meta }) => meta.changes < pageSize);
}
