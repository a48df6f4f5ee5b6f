import {
  type App,
  type AppUser,
  insertApp,
  insertAppUser,
  loadDeveloper,
  selectApp,
  selectUserByExternalId,
} from "../../../db/payments/developers";
import { bucketOf } from "../../../domain/id";
import { type Result, refuse, success } from "../../../domain/result";
import { appendChange } from "../../change";
import type { Deps } from "../../deps";

/** Adds an app of a developer (src/guides/decisions.md#developers). Refuses `developer_unknown`. */
export async function createApp(
  deps: Deps,
  { developerId, name }: { developerId: string; name: string },
): Promise<Result<App>> {
  const loaded = await loadDeveloper(deps.db, developerId);
  if (!loaded) return refuse("developer_unknown");
  const app: App = { id: deps.newId(bucketOf(developerId)), developerId, name, createdAt: deps.nowMs() };
  const answer = success(app);
  await appendChange(deps, loaded, {
    name: "create-app",
    actor: "developer",
    data: { appId: app.id },
    rows: [insertApp(deps.db, app, deps.settings.openRows.apps)],
    answer,
  });
  return answer;
}

/**
 * Adds a shopper of an app, as the first change of the shopper's own journal: shoppers arrive in any number, and none
 * waits for another. Refuses `app_unknown`, and `user_exists` for an external id that the app has used.
 */
export async function createAppUser(
  deps: Deps,
  { developerId, appId, externalId }: { developerId: string; appId: string; externalId: string | null },
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
    rows: [insertAppUser(deps.db, user, deps.settings.openRows.users)],
    answer,
  });
  return answer;
}
