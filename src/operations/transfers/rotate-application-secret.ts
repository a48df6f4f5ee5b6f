import type { Secret } from "../../db/secrets";
import type { Application } from "../../db/transfers/applications";
import type { Result } from "../../domain/result";
import type { Deps } from "../deps";
import { succeedSecret } from "../succeed-secret";
import { changeApplication } from "./change-application";

/** A new secret as it is stored, with its first characters if it is hashed. */
interface NextSecret {
  id: string;
  secret: string;
  prefix?: string;
  overlapMs: number;
}

/** Gives an application a new webhook secret: all that are valid sign every attempt. Refuses `secrets_full`. */
export function rotateApplicationWebhookSecret(deps: Deps, next: NextSecret): Promise<Result<Application>> {
  return rotate(deps, "webhook", next);
}

/** Gives an application a new client secret: all that are valid open its tokens. Refuses `secrets_full`. */
export function rotateApplicationClientSecret(deps: Deps, next: NextSecret): Promise<Result<Application>> {
  return rotate(deps, "client", next);
}

function rotate(deps: Deps, kind: Secret["kind"], { id, ...next }: NextSecret): Promise<Result<Application>> {
  const by = { name: `rotate-application-${kind}-secret`, actor: "application" };
  return changeApplication(deps, id, by, ({ secrets }) => {
    const succession = succeedSecret(deps, { ownerId: id, kind }, secrets, next);
    if (!succession.ok) return succession;
    const { rows, endsAt } = succession.value;
    return { changes: {}, rows, data: { previousUntil: endsAt } };
  });
}
