import { exports } from "cloudflare:workers";
import { cards, Journey } from "../../journey";
import { newOrderId, Shop } from "../../shop";
import { rows } from "../rows";
import { copy, idLike } from "./copies";

export const journey = new Journey((request) => exports.default.fetch(request));

/** A kind of due rows: one that can be settled, and any number that cannot, all due before it. */
export interface Kind {
  table: string;
  /** The condition of the table's rows of this kind. */
  where?: string;
  /** Makes the row that can be settled, due at 2. Returns a function that reads its state afterwards. */
  settleable: () => Promise<() => Promise<unknown>>;
  settled: unknown;
  /** Makes `count` rows that no command settles, due at 1, from what `settleable` has left. */
  unsettleable: (count: number) => Promise<void>;
}

/** Acts while every event is lost, so that only the clock finds what happens. */
export async function unheard(act: () => Promise<unknown>): Promise<void> {
  await journey.advance(1); // earlier events arrive first
  await journey.events("drop");
  await rows("update connected_accounts set due_at = null"); // the accounts' own lists of events are not read either
  await act();
}

async function stateIn(table: string, where: string): Promise<unknown> {
  const [row] = await rows<{ state: string }>(`select state from ${table} where ${where}`);
  return row?.state;
}

/** Makes the only row that can be settled due. Returns a function that reads its state, whatever is copied from it. */
async function due(table: string, where: string, key = "id"): Promise<() => Promise<unknown>> {
  await rows(`update ${table} set due_at = 2 where ${where}`);
  const [row] = await rows<{ id: string }>(`select ${key} as id from ${table} where due_at = 2`);
  return () => stateIn(table, `${key} = '${row?.id}'`);
}

async function paidUnheard(): Promise<string> {
  await journey.events("drop");
  const { sessionId } = await journey.paidOffer();
  return `session_id = '${sessionId}'`;
}

const closedCheckout = { id: idLike("id"), state: "'returned'", payable: "null", fee_minor: "1" };

export const kinds: Readonly<Record<string, Kind>> = {
  call: {
    table: "stripe_effects",
    async settleable() {
      const shop = await Shop.open(journey);
      const orderId = newOrderId();
      await shop.putOrder(orderId, { amount: 1000, account_id: await shop.account() });
      await journey.fault("POST /v1/payment_intents", "429", 1);
      await shop.create(await shop.shopper(), { order_id: orderId });
      return due("stripe_effects", "kind = 'create-intent'");
    },
    settled: "done",
    // Rows of missing aggregates, and of kinds that nothing resumes: done, and thrown.
    unsettleable: async (count) => {
      await journey.offerOnTable();
      await copy(
        { table: "stripe_effects", where: "kind = 'create-intent'", count },
        {
          aggregate_id: `case i % 2 when 0 then (select id from testimonies) else ${idLike("aggregate_id")} end`,
          id: idLike("id"),
          kind: "case i % 4 when 0 then 'unheard-of' when 1 then 'create-connected-account' else 'create-transfer' end",
          due_at: "1",
        },
      );
    },
  },
  event: {
    table: "stripe_events",
    async settleable() {
      await rows(
        `insert into stripe_events (id, type, object_id, payload, state, attempts, due_at, created_at, received_at)
         values ('evt_good', 'charge.updated', 'ch_1', '{"data":{"object":{"id":"ch_1"}}}', 'received', 0, 2, 1, 1)`,
      );
      return () => stateIn("stripe_events", "id = 'evt_good'");
    },
    settled: "processed",
    // Rows whose end and failure cannot be written: thrown.
    unsettleable: async (count) => {
      await rows(
        `create trigger if not exists unwritable before update of state, attempts on stripe_events
         when old.id like 'evt_stuck%' begin select raise(abort, 'not writable'); end`,
      );
      await copy({ table: "stripe_events", where: "id = 'evt_good'", count }, { id: "'evt_stuck' || i", due_at: "1" });
    },
  },
  checkout: {
    table: "checkouts",
    where: "state <> 'open'",
    async settleable() {
      const where = await paidUnheard();
      await rows(`update checkouts set state = 'processing' where ${where}`);
      return due("checkouts", where);
    },
    settled: "accepted",
    unsettleable: (count) =>
      copy({ table: "checkouts", where: "due_at = 2", count }, { ...closedCheckout, session_id: "null", due_at: "1" }),
  },
  "open checkout": {
    table: "checkouts",
    where: "state = 'open'",
    settleable: async () => due("checkouts", await paidUnheard()),
    settled: "accepted",
    // Rows without a session, about which nothing can be asked: refused.
    unsettleable: (count) =>
      copy(
        { table: "checkouts", where: "due_at = 2", count },
        { id: idLike("id"), payable: "null", session_id: "null", due_at: "1" },
      ),
  },
  payout: {
    table: "payouts",
    async settleable() {
      const session = await journey.paidOffer({ onboarded: false });
      await journey.accept(session);
      await journey.advance(10);
      await unheard(() => journey.onboard(session.expert));
      await journey.advance(3); // Stripe is not asked about the same account again at once
      return due("payouts", `testimony_id = '${session.testimonyId}'`);
    },
    settled: "paid",
    unsettleable: async (count) => {
      await copy({ table: "checkouts", where: "1", count }, { ...closedCheckout, due_at: "null" });
      await copy(
        { table: "payouts", where: "due_at = 2", count },
        { id: idLike("id"), checkout_id: idLike("checkout_id"), state: "'failed'", due_at: "1" },
      );
    },
  },
  refund: {
    table: "refunds",
    async settleable() {
      const session = await journey.paidOffer({ card: cards.refundPending });
      await journey.accept(session);
      await journey.advance(10);
      await journey.operator("POST", `/testimonies/${session.testimonyId}/refund`, { reason: "The expert fell ill." });
      await journey.advance(10);
      await unheard(() => journey.advance(61));
      return due("refunds", `testimony_id = '${session.testimonyId}'`);
    },
    settled: "succeeded",
    unsettleable: (count) =>
      copy({ table: "refunds", where: "due_at = 2", count }, { id: idLike("id"), state: "'failed'", due_at: "1" }),
  },
  payment: {
    table: "payments",
    where: "state not like 'requires_%'",
    async settleable() {
      const shop = await Shop.open(journey);
      const transaction = await shop.ordered({ currency: "eur" });
      await shop.debit(transaction);
      await unheard(() => journey.advance(61));
      return due("payments", `stripe_id = '${transaction.transactionId}'`);
    },
    settled: "succeeded",
    unsettleable: (count) => copyPayments(count, "'processing'"),
  },
  "unpaid payment": {
    table: "payments",
    where: "state like 'requires_%'",
    async settleable() {
      const shop = await Shop.open(journey);
      const transaction = await shop.ordered();
      await shop.confirm(transaction, { payment_method_id: "pm_card_authenticationRequired" });
      await unheard(() => shop.authenticate(transaction, "approve"));
      return due("payments", `stripe_id = '${transaction.transactionId}'`);
    },
    settled: "succeeded",
    unsettleable: (count) => copyPayments(count, "'requires_action'"),
  },
  "payout account": {
    table: "payout_accounts",
    async settleable() {
      const expert = await journey.registerExpert();
      await unheard(() => journey.onboard(expert));
      return due("payout_accounts", "1", "user_id");
    },
    settled: "ready",
    unsettleable: (count) =>
      copy(
        { table: "payout_accounts", where: "due_at = 2", count },
        { user_id: idLike("user_id"), stripe_account_id: "null", due_at: "1" },
      ),
  },
  "connected account": {
    table: "connected_accounts",
    async settleable() {
      const shop = await Shop.open(journey);
      const account = await shop.account();
      await journey.advance(1);
      await unheard(() => journey.control("POST", "accounts", { account, status: "paused" }));
      return due("connected_accounts", "1");
    },
    settled: "incomplete",
    unsettleable: (count) =>
      copy(
        { table: "connected_accounts", where: "due_at = 2", count },
        { id: idLike("id"), stripe_id: "null", live: "null", due_at: "1" },
      ),
  },
};

/** Makes payments that do not exist at Stripe: done, and unchanged. */
function copyPayments(count: number, state: string): Promise<void> {
  const changes = { id: idLike("id"), order_id: "'left-' || i", state, live: "null", stripe_id: "null", due_at: "1" };
  return copy({ table: "payments", where: "due_at = 2", count }, changes);
}
