import { selectConnectedAccount } from "../../db/payments/connected-accounts";
import { insertOrder, type Order, selectOrder, selectOrderVersion, updateOrder } from "../../db/payments/orders";
import { selectPaymentsOfOrder } from "../../db/payments/payments";
import { bucketOf } from "../../domain/id";
import { type Result, refuse, success } from "../../domain/result";
import { appendChange } from "../change";
import type { Input, Output } from "../commands";
import type { Deps } from "../deps";
import { refuseGone } from "./connected-accounts/poll-stripe";
import { refuseConversion } from "./refuse-conversion";

/** Stores an order's amount and account. While a payment counts for it, it cannot change. */
export async function putOrder(deps: Deps, input: Input<"put-order">): Promise<Result<Output<"put-order">>> {
  const { developerId, appId, orderId, accountId: stripeAccountId, amountMinor, currency, applicationFeeMinor } = input;
  const [[account], [order], [last], payments] = await deps.db.batch([
    selectConnectedAccount(deps.db, stripeAccountId),
    selectOrder(deps.db, input),
    selectOrderVersion(deps.db, input),
    selectPaymentsOfOrder(deps.db, input),
  ]);
  const own = account?.account;
  if (!own || own.developerId !== developerId || own.state === "deleted") return refuse("account_foreign");
  const gone = await refuseGone(deps, own);
  if (gone) return gone;
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
        ...terms,
        createdAt: nowMs,
        updatedAt: nowMs,
      };
  await appendChange(
    deps,
    { aggregateId: put.id, tenant: developerId, audience: developerId, version: last?.version ?? 0, sequence: 0 },
    {
      name: "put-order",
      actor: "developer",
      data: { orderId, amountMinor, currency, accountId: own.id },
      rows: [order ? updateOrder(deps.db, input, { ...terms, updatedAt: nowMs }) : insertOrder(deps.db, put)],
    },
  );
  return success({ order: put, created: !order });
}

function isSame(order: Order, terms: Partial<Order>): boolean {
  return Object.entries(terms).every(([name, value]) => order[name as keyof Order] === value);
}
