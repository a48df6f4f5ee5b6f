import type { Application } from "../../db/transfers/applications";
import type { Result } from "../../domain/result";
import type { Deps } from "../deps";
import { changeApplication } from "./change-application";

type Changes = Partial<
  Pick<Application, "name" | "transactionWebhookUrl" | "redirectUris" | "logoUrl" | "metadata" | "encryptionEnabled">
>;

/** Changes an application's own data. Deliveries that are still to be made use the new data. */
export function updateApplication(
  deps: Deps,
  { id, changes }: { id: string; changes: Changes },
): Promise<Result<Application>> {
  const by = { name: "update-application", actor: "application" };
  return changeApplication(deps, id, by, () => ({ changes, data: { changed: Object.keys(changes) } }));
}
