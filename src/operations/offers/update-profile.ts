import { commit } from "../../db/commit";
import { loadUser, type ProfileChanges, type User, updateUser } from "../../db/offers/users";
import { type Result, success } from "../../domain/result";
import { operatorAudience } from "../../domain/webhooks/event";
import type { Input } from "../commands";
import type { Deps } from "../deps";
import { refuseTaken } from "./register";

/**
 * Changes what the caller sent and nothing else. A change that loses a race against another reads again, once. Refuses
 * `email_taken`, `phone_taken`.
 */
export async function updateProfile(deps: Deps, { userId, changes }: Input<"update-profile">): Promise<Result<User>> {
  const first = await attempt(deps, userId, changes);
  const second = first === "raced" ? await attempt(deps, userId, changes) : first;
  if (second === "raced") throw new Error("two other profile changes in a row");
  return second;
}

async function attempt(deps: Deps, userId: string, changes: ProfileChanges): Promise<Result<User> | "raced"> {
  const loaded = await loadUser(deps.db, userId);
  if (!loaded) throw new Error("an authenticated user has no row");
  const { user, version } = loaded;
  const now = deps.nowMs();
  const columns = columnsOf(changes, now);
  if (Object.keys(columns).length === 0) return success(user);
  const committed = await commit(deps.db, {
    aggregateId: userId,
    version: version + 1,
    changeId: deps.newId(),
    tenant: userId,
    audience: operatorAudience,
    name: "update-profile",
    actor: user.role,
    atMs: now,
    requestId: deps.requestId,
    // The names of the members only, without their values, because the journal is kept for ever.
    data: { changed: Object.keys(changes) },
    rows: updateUser(deps.db, user, columns),
  });
  if (committed.ok) {
    const { passwordHash: _, ...visible } = columns;
    return success({ ...user, ...visible });
  }
  return committed.conflict.startsWith("journal.") ? "raced" : refuseTaken(committed.conflict);
}

/** Returns the columns to change. Subscribing again refreshes the time. */
function columnsOf({ newsletterSubscribed, ...columns }: ProfileChanges, nowMs: number) {
  if (newsletterSubscribed === undefined) return columns;
  return { ...columns, newsletterSubscribedAt: newsletterSubscribed ? nowMs : null };
}
