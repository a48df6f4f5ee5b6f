import { endSecretAt } from "../../db/secrets";
import type { Application } from "../../db/transfers/applications";
import { type Result, refuse } from "../../domain/result";
import type { Deps } from "../deps";
import { changeApplication } from "./change-application";

/** Ends an earlier client secret before its overlap is over. Refuses `secret_unknown`, also for the present one. */
export function endApplicationClientSecret(
  deps: Deps,
  { id, prefix }: { id: string; prefix: string },
): Promise<Result<Application>> {
  const by = { name: "end-application-client-secret", actor: "application" };
  return changeApplication(deps, id, by, ({ secrets }, nowMs) =>
    secrets.some((secret) => secret.prefix === prefix && secret.endsAt !== null)
      ? { changes: {}, rows: [endSecretAt(deps.db, { ownerId: id, kind: "client" }, prefix, nowMs)], data: { prefix } }
      : refuse("secret_unknown"),
  );
}
