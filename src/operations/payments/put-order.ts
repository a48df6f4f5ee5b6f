import { type ConnectedAccount, selectConnectedAccount } from "../../db/payments/connected-accounts";
import {
  insertOrder,
  type Order,
  orderPosition,
  selectOrder,
  selectOrderVersion,
  updateOrder,
} from "../../db/payments/orders";
import { type OrderKey, selectPaymentsOfOrder } from "../../db/payments/payments";
import { bucketOf } from "../../domain/id";
import { type Refused, type Result, refuse, success } from "../../domain/result";
import { retrieveDefaultCurrency } from "../../stripe/accounts";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import { refuseGone } from "./connected-accounts/account-state";

/** `accountId` is Stripe's. */
type OrderTerms = OrderKey & {
  accountId: string;
  amountMinor: number;
  currency: string;
  applicationFeeMinor: number;
};

/** Stores an order's amount and account. While a payment counts for it, it cannot change. */
export async function putOrder(deps: Deps, input: OrderTerms): Promise<Result<{ order: Order; created: boolean }>> {
  const { developerId, appId, orderId, accountId: stripeAccountId, amountMinor, currency, applicationFeeMinor } = input;
  const [[account], [order], [last], payments] = await deps.db.batch([
    selectConnectedAccount(deps.db, stripeAccountId),
    selectOrder(deps.db, input),
    selectOrderVersion(deps.db, input),
    selectPaymentsOfOrder(deps.db, input),
  ]);
  const usable = await usableAccount(deps, account?.account, developerId);
  if (!usable.ok) return usable;
  const own = usable.value;
  const nowMs = deps.nowMs();
  const terms = { accountId: own.id, stripeAccountId, amountMinor, currency, applicationFeeMinor };
  if (order && isSame(order, terms)) return success({ order, created: false });
  if (order?.state === "cancelled") return refuse("order_cancelled");
  if (payments.some(({ live }) => live !== null)) return refuse("payment_exists");
  const refused = await refuseConversion(deps, terms);
  if (refused) return refused;

  const put: Order = order
    ? { ...order, ...terms, updatedAt: nowMs }
    : {
        developerId,
        appId,
        orderId,
        id: deps.newId(bucketOf(developerId)),
        state: "open",
        waiting: 1,
        ...terms,
        createdAt: nowMs,
        updatedAt: nowMs,
      };
  await appendChange(deps, orderPosition(put, last), {
    name: "put-order",
    actor: "developer",
    data: { orderId, amountMinor, currency, accountId: own.id },
    rows: [
      order
        ? updateOrder(deps.db, input, { ...terms, updatedAt: nowMs })
        : insertOrder(deps.db, put, deps.settings.openRows.orders),
    ],
  });
  return success({ order: put, created: !order });
}

function isSame(order: Order, terms: Partial<Order>): boolean {
  return Object.entries(terms).every(([name, value]) => order[name as keyof Order] === value);
}

/** Takes an account of the developer's own that can be paid on. Refuses `account_foreign` and `account_gone`. */
export async function usableAccount(
  deps: Deps,
  account: ConnectedAccount | undefined,
  developerId: string,
): Promise<Result<ConnectedAccount>> {
  if (!account || account.developerId !== developerId || account.state === "deleted") return refuse("account_foreign");
  return (await refuseGone(deps, account)) ?? success(account);
}

type Terms = Pick<Order, "stripeAccountId" | "currency" | "applicationFeeMinor">;

/**
 * Refuses terms of which Stripe would convert anything, if the setting demands it: a charge is converted to its
 * account's default currency, and our fee of it to the platform's. https://docs.stripe.com/connect/currencies
 */
export async function refuseConversion(
  deps: Deps,
  { stripeAccountId, currency, applicationFeeMinor }: Terms,
): Promise<Refused | undefined> {
  if (deps.settings.convertedCurrencies === "allow") return undefined;
  const holders = [
    ["the account", stripeAccountId],
    ...(applicationFeeMinor > 0 ? ([["the platform", null]] as const) : []),
  ] as const;
  for (const [holder, id] of holders) {
    const asked = await retrieveDefaultCurrency(deps.stripe, id);
    if (!asked.ok) return refuse("stripe_unavailable", asked.failure.message);
    if (asked.value !== currency) {
      return refuse("currency_refused", `currency must be ${asked.value}: ${holder} holds no ${currency}`);
    }
  }
  return undefined;
}
