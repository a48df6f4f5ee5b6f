import { type App, insertApp, loadDeveloper } from "../../../db/payments/developers";
import { bucketOf } from "../../../domain/id";
import { type Result, refuse, success } from "../../../domain/result";
import { appendChange } from "../../change";
import type { Input } from "../../commands";
import type { Deps } from "../../deps";

/** Adds an app of a developer (src/guides/decisions.md#developers). Refuses `developer_unknown`. */
export async function createApp(deps: Deps, { developerId, name }: Input<"create-app">): Promise<Result<App>> {
  const loaded = await loadDeveloper(deps.db, developerId);
  if (!loaded) return refuse("developer_unknown");
  const app: App = { id: deps.newId(bucketOf(developerId)), developerId, name, createdAt: deps.nowMs() };
  const answer = success(app);
  await appendChange(deps, loaded, {
    name: "create-app",
    actor: "developer",
    data: { appId: app.id },
    rows: [insertApp(deps.db, app)],
    answer,
  });
  return answer;
}
