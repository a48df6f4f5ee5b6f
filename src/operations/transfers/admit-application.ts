import type { Application } from "../../db/transfers/applications";
import { limitWallets } from "../../db/transfers/wallets";
import type { Result } from "../../domain/result";
import type { Input } from "../commands";
import type { Deps } from "../deps";
import { changeApplication } from "./change-application";
import { withinLimits } from "./within-limits";

/**
 * Changes an application for the operator: switches it on or off, makes it an administrator, and sets how far below
 * zero its wallets may go, existing ones included. Refuses `debit_limit_exceeded` if one is below that already.
 */
export function admitApplication(
  deps: Deps,
  { id, operator, ...given }: Input<"admit-application">,
): Promise<Result<Application>> {
  const { debitLimit } = given;
  const by = { name: "admit-application", actor: "operator" };
  return withinLimits(() =>
    changeApplication(deps, id, by, (_, nowMs) => ({
      changes: given,
      rows: debitLimit === undefined ? [] : [limitWallets(deps.db, id, debitLimit, nowMs)],
      data: { operator, ...given },
    })),
  );
}
