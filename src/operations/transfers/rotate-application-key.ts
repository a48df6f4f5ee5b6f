import type { EcJwk } from "../../db/transfers/application-tables";
import type { Application } from "../../db/transfers/applications";
import { type Result, refuse } from "../../domain/result";
import type { Deps } from "../deps";
import { changeApplication } from "./change-application";

/**
 * Gives an application its next public key. Refuses `state_wrong` if the key was made for another version, because
 * somebody else has rotated meanwhile.
 */
export function rotateApplicationKey(
  deps: Deps,
  { id, publicKey, keyVersion }: { id: string; publicKey: EcJwk; keyVersion: number },
): Promise<Result<Application>> {
  const by = { name: "rotate-application-key", actor: "application" };
  return changeApplication(deps, id, by, ({ application }) =>
    keyVersion === application.keyVersion + 1
      ? { changes: { publicKey, keyVersion }, data: { keyVersion } }
      : refuse("state_wrong"),
  );
}
