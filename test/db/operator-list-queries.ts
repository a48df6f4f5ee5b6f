import * as details from "../../src/db/operator/details";
import * as lists from "../../src/db/operator/lists";
import { type OperatorList, pageOfList, type Sent } from "../../src/db/operator/page-of-list";
import { owner, rowId } from "./many-rows";
import type { NamedQuery } from "./named-query";

const bounded = "at most two thousand rows are looked at, and the answer says up to which";
const open = "what is open, or waits for a person, is few";
const fromTheEnd = "from the end, and no further than the page";

type Costs = Pick<NamedQuery, "grows" | "walks">;

function page(list: OperatorList, sent: Sent, costs: Costs = {}): NamedQuery {
  return { name: "pageOfList", ask: (db) => pageOfList(db, list, { sent }, { limit: 2, order: "desc" }), ...costs };
}

function parts(detail: details.Detail, id: string, costs: Costs = {}): NamedQuery {
  return {
    name: "selectParts",
    ask: (db) => details.selectParts(db, detail, id) as unknown as Promise<unknown>,
    ...costs,
  };
}

/** The lists of everybody's rows: without a filter, with each that an index serves, and with one that none does; and one thing of each. */
export const operatorListQueries: readonly NamedQuery[] = [
  page(lists.testimonyList, {}, { walks: { testimonies: fromTheEnd } }),
  page(lists.testimonyList, { client: owner }),
  page(lists.testimonyList, { expert: owner }),
  page(lists.testimonyList, { attention: true }, { grows: open, walks: { attention_open: open } }),
  page(lists.testimonyList, { region: "ke" }, { grows: bounded, walks: { testimonies: bounded } }),
  page(lists.paymentList, {}, { walks: { payments: fromTheEnd } }),
  page(lists.paymentList, { app: owner }),
  page(lists.paymentList, { app: owner, order_id: rowId(5) }),
  page(lists.paymentList, { order_id: rowId(5) }),
  page(lists.paymentList, { uncertain: true }, { grows: open }),
  page(lists.paymentList, { state: "expired" }, { grows: bounded, walks: { payments: bounded } }),
  page(lists.transferList, {}, { walks: { transfers_expiring: fromTheEnd } }),
  page(lists.transferList, { sender: owner }),
  page(lists.transferList, { receiver: owner }),
  page(lists.transferList, { sender: owner, state: "EXPIRED" }, { grows: bounded }),
  page(lists.accountList, {}, { walks: { connected_accounts: fromTheEnd } }),
  page(lists.accountList, { developer: owner }),
  page(lists.walletList, { application: rowId(5) }),
  page(lists.callList, {}),
  page(lists.callList, { failing: true }, { grows: bounded }),
  page(lists.endpointList, {}, { walks: { webhook_endpoints: fromTheEnd } }),
  page(lists.endpointList, { owner: rowId(5) }),
  page(lists.deliveryList, {}, { walks: { webhook_deliveries: fromTheEnd } }),
  page(lists.deliveryList, { endpoint: owner }),
  page(lists.deliveryList, { state: "failed" }, { walks: { webhook_deliveries_failed: fromTheEnd } }),
  page(lists.deliveryList, { type: "x" }, { grows: bounded, walks: { webhook_deliveries: bounded } }),
  page(lists.recordList, {}, { walks: { transfer_webhooks_failed: fromTheEnd } }),
  page(lists.recordList, { application: owner }),
  parts(details.testimonyDetail, rowId(5)),
  parts(details.paymentDetail, rowId(5), { grows: "the stored methods of one shopper" }),
  parts(details.paymentDetail, "pi_5"),
  parts(details.transferDetail, rowId(5)),
  parts(details.stripeEventDetail, rowId(5)),
  parts(details.deliveryDetail, `${owner}.${rowId(5)}`),
  parts(details.settlementDayDetail, "2020-01-06"),
  page(lists.dayList, {}, { walks: { settlement_batches: fromTheEnd } }),
];
