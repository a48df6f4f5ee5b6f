import type { Chance } from "../../e2e/kill/chance";
import type { Answer } from "../../journey";
import { rows } from "../../operations/rows";
import { Seller } from "../../seller";
import { identity, Shop } from "../../shop";
import { journey } from "../checked";
import { copyRow, insertRow, newRow } from "./copy-row";
import { byMember, createdFilters, type Filter, type ListCase, pathWith, type Query, type Row } from "./list-case";

const inEnvelope = {
  refused: 422,
  rowsOf: (body: Answer["body"]) => body.data,
  hasMore: (body: Answer["body"]) => body.meta.has_more,
} as const;

/** An app with a paid transaction, of which all others are copies: of two shoppers, accounts and orders. */
interface World {
  ask: (path: string) => (query: Query) => Promise<Answer>;
  appId: string;
  userIds: string[];
  accountIds: string[];
  paymentIds: string[];
}

const orderIds = ["order-a", "order-b"];
const states = ["requires_payment_method", "requires_action", "canceled", "failed"];

/** What the list of transactions does not say of them, by their printed ids. */
interface Made {
  created_at: number;
  stripe_account_id: string;
}

const made = new Map<string, Made>();

async function openWorld(): Promise<World> {
  const shop = await Shop.open(journey);
  const { shopper, accountId, transactionId } = await shop.paid();
  const other = await shop.shopper();
  const [payment] = await rows<Made & { id: string }>(
    "select id, created_at, stripe_account_id from payments where stripe_id = ?",
    transactionId,
  );
  if (!payment) throw new Error("nothing was paid");
  made.set(transactionId, payment);
  const headers = identity(shopper);
  return {
    ask: (path) => (query) => journey.call("GET", pathWith(`/api/v1${path}`, query), { headers }),
    appId: shop.appId,
    userIds: [shopper.userId, other.userId],
    accountIds: [accountId, `acct_${other.userId}`],
    paymentIds: [payment.id],
  };
}

/** Makes a transaction by chance, which Stripe knows or does not know yet. */
async function addPayment(world: World, random: Chance): Promise<void> {
  const row = newRow(random);
  const stripeId = random.often(0.5) ? `pi_${row.id.slice(-12)}` : null;
  const own = {
    stripe_id: stripeId,
    state: random.pick(states) ?? null,
    user_id: random.pick(world.userIds) ?? null,
    order_id: random.pick(orderIds) ?? null,
    stripe_account_id: random.pick(world.accountIds) ?? "",
  };
  const none = { live: null, charge_id: null, captured_minor: 0, refunded_minor: 0, due_at: null, next_action: null };
  await copyRow("payments", "id = ?", [world.paymentIds[0]], { ...row, ...own, ...none });
  if (stripeId) await insertRow("stripe_objects", { stripe_id: stripeId, aggregate_id: row.id, subject_id: row.id });
  world.paymentIds.push(row.id);
  made.set(stripeId ?? row.id, { ...row, ...own });
}

async function addRefund(world: World, random: Chance): Promise<void> {
  const row = newRow(random);
  await insertRow("payment_refunds", {
    ...row,
    payment_id: random.pick(world.paymentIds) ?? "",
    app_id: world.appId,
    kind: "refund",
    state: random.pick(["claimed", "pending", "succeeded", "failed"]) ?? "",
    currency: "usd",
    amount_minor: 100,
  });
}

async function addDispute(world: World, random: Chance): Promise<void> {
  const { id, created_at } = newRow(random);
  await insertRow("payment_disputes", {
    payment_id: random.pick(world.paymentIds) ?? "",
    stripe_id: `du_${id.slice(-12)}`,
    app_id: world.appId,
    state: random.pick(["open", "won", "lost"]) ?? "",
    reason: "product_not_received",
    currency: "usd",
    amount_minor: 1000,
    due_by: null,
    created_at,
  });
}

/** Makes the case of a list of an app's. */
function ofApp(
  { path, ...rest }: Pick<ListCase, "operationId" | "ids" | "filters"> & { path: string },
  add: (world: World, random: Chance) => Promise<unknown>,
  leaving: { query: Query; sql: string },
): ListCase {
  return {
    ...inEnvelope,
    ...rest,
    async open(random) {
      const [here, elsewhere] = [await openWorld(), await openWorld()];
      for (const world of [here, elsewhere]) {
        for (let count = 0; count < 4; count += 1) await addPayment(world, random);
        for (let count = 0; count < 3; count += 1) await add(world, random);
      }
      return {
        ask: here.ask(path),
        askElsewhere: elsewhere.ask(path),
        add: (chance) => add(here, chance),
        leaving: { query: leaving.query, take: (row) => rows(leaving.sql, row[rest.ids[0] ?? ""]) },
      };
    },
  };
}

const madeOf = (row: Row | undefined): Made =>
  made.get(row?.transaction_id) ?? { created_at: 0, stripe_account_id: "" };
const chooseTime: Filter["choose"] = (listed, random) => new Date(madeOf(random.pick(listed)).created_at).toISOString();

const ofTransaction = {
  user_id: byMember("user_id"),
  order_id: byMember("order_id"),
};

export const paymentsLists: readonly ListCase[] = [
  ofApp(
    {
      operationId: "list-payments",
      path: "/transactions",
      ids: ["transaction_id"],
      filters: {
        ...ofTransaction,
        status: byMember("status"),
        account_id: {
          choose: (listed, random) => madeOf(random.pick(listed)).stripe_account_id,
          matches: (row, value) => madeOf(row).stripe_account_id === value,
        },
        created_after: { choose: chooseTime, matches: (row, value) => madeOf(row).created_at >= Date.parse(value) },
        created_before: { choose: chooseTime, matches: (row, value) => madeOf(row).created_at < Date.parse(value) },
      },
    },
    addPayment,
    {
      query: { status: "requires_action" },
      sql: "update payments set state = 'canceled' where coalesce(stripe_id, id) = ?",
    },
  ),
  ofApp(
    {
      operationId: "list-payment-refunds",
      path: "/refunds",
      ids: ["refund_id"],
      filters: {
        ...ofTransaction,
        account_id: byMember("account_id"),
        status: byMember("status"),
        ...createdFilters("created_at"),
      },
    },
    addRefund,
    { query: { status: "pending" }, sql: "update payment_refunds set state = 'succeeded' where id = ?" },
  ),
  ofApp(
    {
      operationId: "list-payment-disputes",
      path: "/disputes",
      ids: ["dispute_id"],
      filters: {
        ...ofTransaction,
        account_id: byMember("account_id"),
        status: byMember("status"),
        ...createdFilters("created_at"),
      },
    },
    addDispute,
    { query: { status: "open" }, sql: "update payment_disputes set state = 'won' where stripe_id = ?" },
  ),
  {
    ...inEnvelope,
    operationId: "list-payment-methods",
    ids: ["id"],
    filters: createdFilters("created_at"),
    async open(random) {
      const shop = await Shop.open(journey);
      const [shopper, other] = [await shop.shopper(), await shop.shopper()];
      for (const one of [shopper, other]) await shop.attach(one, { payment_method_id: "pm_card_visa" });
      const ask = (who: typeof shopper) => (query: Query) =>
        journey.call("GET", pathWith("/api/v1/payment-methods", query), { headers: identity(who) });
      const add = (chance: Chance) =>
        copyRow("payment_methods", "user_id = ?", [shopper.userId], {
          ...newRow(chance),
          state: "active",
          preferred: 0,
          fingerprint: null,
        });
      await add(random);
      return {
        ask: ask(shopper),
        askElsewhere: ask(other),
        add,
        leaving: {
          query: {},
          take: ({ id }) => rows("update payment_methods set state = 'removed', preferred = 0 where id = ?", id),
        },
      };
    },
  },
  {
    ...inEnvelope,
    operationId: "list-apps",
    ids: ["id"],
    filters: createdFilters("created_at"),
    async open() {
      const [here, elsewhere] = [await Seller.register(journey), await Seller.register(journey)];
      const add = (seller: Seller) => seller.ask("POST", "/apps", { name: "Web" });
      await add(elsewhere);
      return {
        ask: (query) => here.ask("GET", pathWith("/apps", query)),
        askElsewhere: (query) => elsewhere.ask("GET", pathWith("/apps", query)),
        async add(random) {
          await journey.advance(random.pick([0, 1, 90]) ?? 0);
          return add(here);
        },
      };
    },
  },
  {
    ...inEnvelope,
    operationId: "list-connected-accounts",
    ids: ["account_id"],
    filters: {
      status: byMember("status"),
      email: {
        choose: (listed, random) => random.pick(listed)?.email.toUpperCase() ?? "",
        matches: ({ email }, value) => email === value.toLowerCase(),
      },
      created_after: {
        choose: (listed, random) => new Date(random.pick(listed)?.created * 1000).toISOString(),
        matches: ({ created }, value) => created * 1000 >= Date.parse(value),
      },
      created_before: {
        choose: (listed, random) => new Date(random.pick(listed)?.created * 1000).toISOString(),
        matches: ({ created }, value) => created * 1000 < Date.parse(value),
      },
    },
    async open() {
      const [here, elsewhere] = [await Seller.register(journey), await Seller.register(journey)];
      const first = await here.opened();
      await elsewhere.opened();
      await rows("update connected_accounts set created_at = created_at / 1000 * 1000 where stripe_id = ?", first);
      return {
        ask: (query) => here.ask("GET", pathWith("/connected-accounts", query)),
        askElsewhere: (query) => elsewhere.ask("GET", pathWith("/connected-accounts", query)),
        async add(random) {
          const row = newRow(random);
          const stripeId = `acct_${row.id.slice(-12)}`;
          const state = random.pick(["incomplete", "under_review", "ready", "paused", "gone"]) ?? "";
          const email = random.pick(["a@example.com", "b@example.com"]) ?? "";
          const own = { stripe_id: stripeId, state, email, live: null, due_at: null };
          await copyRow("connected_accounts", "stripe_id = ?", [first], { ...row, ...own });
          return insertRow("stripe_objects", { stripe_id: stripeId, aggregate_id: row.id, subject_id: row.id });
        },
        leaving: {
          query: {},
          take: ({ account_id }) =>
            rows("update connected_accounts set state = 'deleted' where stripe_id = ?", account_id),
        },
      };
    },
  },
];
