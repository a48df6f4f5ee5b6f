import { type AppUser, insertAppUser, selectApp, selectUserByExternalId } from "../../../db/payments/developers";
import { bucketOf } from "../../../domain/id";
import { type Result, refuse, success } from "../../../domain/result";
import { appendChange } from "../../change";
import type { Input } from "../../commands";
import type { Deps } from "../../deps";

/**
 * Adds a shopper of an app, as the first change of the shopper's own journal: shoppers arrive in any number, and none
 * waits for another. Refuses `app_unknown`, and `user_exists` for an external id that the app has used.
 */
export async function createAppUser(
  deps: Deps,
  { developerId, appId, externalId }: Input<"create-app-user">,
): Promise<Result<AppUser>> {
  const [[app], [existing]] = await deps.db.batch([
    selectApp(deps.db, appId),
    selectUserByExternalId(deps.db, appId, externalId ?? ""),
  ]);
  if (app?.developerId !== developerId) return refuse("app_unknown");
  if (existing && externalId !== null) return refuse("user_exists", undefined, { user_id: existing.id });
  const user: AppUser = {
    id: deps.newId(bucketOf(developerId)),
    developerId,
    appId,
    externalId,
    createdAt: deps.nowMs(),
  };
  const answer = success(user);
  const position = { aggregateId: user.id, tenant: developerId, audience: developerId, version: 0, sequence: 0 };
  await appendChange(deps, position, {
    name: "create-app-user",
    actor: "developer",
    data: { appId },
    rows: [insertAppUser(deps.db, user)],
    answer,
  });
  return answer;
}
