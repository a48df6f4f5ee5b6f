import type { Application } from "../../db/transfers/applications";
import { limitWallets } from "../../db/transfers/wallets";
import type { Result } from "../../domain/result";
import type { Deps } from "../deps";
import { changeApplication } from "./change-application";
import { withinLimits } from "./within-limits";

/** Activation, the administrator's role, and the debit limit (null for none). Undefined members stay as they are. */
interface Admission {
  id: string;
  operator: string;
  active?: boolean;
  admin?: boolean;
  debitLimit?: number | null;
}

/**
 * Changes an application for the operator: switches it on or off, makes it an administrator, and sets how far below
 * zero its wallets may go, existing ones included. Refuses `debit_limit_exceeded` if one is below that already.
 */
export function admitApplication(deps: Deps, { id, operator, ...given }: Admission): Promise<Result<Application>> {
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
