import type { Application } from "../../db/transfers/applications";
import type { Result } from "../../domain/result";
import type { Deps } from "../deps";
import { changeApplication } from "./change-application";

/** Gives an application a new signing secret, which signs every attempt from here on. */
export function rotateApplicationWebhookSecret(
  deps: Deps,
  { id, webhookSecret }: { id: string; webhookSecret: string },
): Promise<Result<Application>> {
  const by = { name: "rotate-application-webhook-secret", actor: "application" };
  return changeApplication(deps, id, by, () => ({ changes: { webhookSecret }, data: {} }));
}
