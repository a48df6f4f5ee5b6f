import { selectApplication } from "../../db/transfers/applications";
import { insertWallet, selectWallet, type Wallet } from "../../db/transfers/wallets";
import { currencies } from "../../domain/currency";
import { bucketOf } from "../../domain/id";
import { type Result, refuse, success } from "../../domain/result";
import { appendChange } from "../change";
import type { Deps } from "../deps";

/**
 * Returns the application's wallet in a currency, and makes it if there is none (src/guides/decisions.md#wallets).
 * Refuses `currency_unsupported` and `application_unknown`.
 */
export async function provisionWallet(
  deps: Deps,
  { applicationId, currency }: { applicationId: string; currency: string },
): Promise<Result<Wallet>> {
  if (!currencies.has(currency)) return refuse("currency_unsupported");
  const [[application], [existing]] = await deps.db.batch([
    selectApplication(deps.db, applicationId),
    selectWallet(deps.db, { applicationId, currency }),
  ]);
  if (!application) return refuse("application_unknown");
  if (existing) return success(existing);

  const nowMs = deps.nowMs();
  const wallet: Wallet = {
    applicationId,
    currency,
    id: deps.newId(bucketOf(applicationId)),
    balance: 0,
    totalDebited: "0",
    totalCredited: "0",
    debitLimit: application.debitLimit,
    sequence: 0,
    createdAt: nowMs,
    updatedAt: nowMs,
  };
  const answer = success(wallet);
  await appendChange(
    deps,
    { aggregateId: wallet.id, tenant: applicationId, audience: applicationId, version: 0, sequence: 0 },
    {
      name: "provision-wallet",
      actor: "application",
      data: { currency },
      rows: [insertWallet(deps.db, wallet, wallet.id, nowMs)],
      answer,
    },
  );
  return answer;
}
