import type { Statement } from "../../db/database";
import type { Checkout, TestimonyAggregate } from "../../db/offers/testimonies";
import { bucketOf } from "../../domain/id";
import type { Command } from "../commands";
import type { Deps } from "../deps";
import { reserveCall } from "../effects";

/**
 * Makes the pending calls that expire a testimony's open sessions: the rows go into the deciding batch, the calls are
 * made after it. A session whose creation is pending has no id yet: it is expired as soon as it turns out to exist.
 */
export function closeSessions(
  deps: Deps,
  aggregate: TestimonyAggregate,
  which: (checkout: Checkout) => boolean = () => true,
): { rows: Statement[]; next: Command[] } {
  const rows: Statement[] = [];
  const next: Command[] = [];
  for (const checkout of aggregate.checkouts.filter((one) => one.state === "open" && which(one))) {
    const isPending = aggregate.openEffects.some(
      (one) => one.kind === "expire-session" && one.subjectId === checkout.id,
    );
    if (isPending || checkout.sessionId === null) continue;
    const { row, command } = reserveExpiry(deps, checkout.testimonyId, checkout.id, checkout.sessionId);
    rows.push(row);
    next.push(command);
  }
  return { rows, next };
}

/** Makes one pending call that expires a session, and the command that executes it. */
export function reserveExpiry(deps: Deps, testimonyId: string, checkoutId: string, sessionId: string) {
  const id = deps.newId(bucketOf(testimonyId));
  const row = reserveCall(deps, {
    aggregateId: testimonyId,
    id,
    kind: "expire-session",
    subjectId: checkoutId,
    params: { sessionId },
  });
  const command: Command = {
    name: "resume-effect",
    input: { root: "testimony", aggregateId: testimonyId, effectId: id },
  };
  return { effectId: id, row, command };
}
