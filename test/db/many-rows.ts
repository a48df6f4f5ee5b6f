import { env } from "cloudflare:workers";

/** Returns the id of every table's row with this number. */
export const rowId = (number: number) => `01a1f91e-f699-84f8-8dd3-${String(number).padStart(12, "0")}`;

/**
 * The owner of all rows: a developer's app with all payments, an expert with all payouts, a wallet with all entries.
 */
export const owner = rowId(0);

const sqlOwner = `'${owner}'`;
const sqlId = "printf('01a1f91e-f699-84f8-8dd3-%012d', i)";
const sqlDay = "date('2020-01-01', i || ' days')";

/** The columns of each table in which one owner has many rows. Other ids are the row's own. */
const owned: Record<string, readonly string[]> = {
  testimonies: ["client_id", "expert_id"],
  offers: ["expert_id"],
  checkouts: ["client_id"],
  payouts: ["expert_id"],
  payments: ["developer_id", "app_id", "user_id", "account_id"],
  orders: ["developer_id", "app_id", "account_id"],
  payment_refunds: ["app_id"],
  payment_disputes: ["app_id"],
  payment_methods: ["user_id", "developer_id", "app_id"],
  connected_accounts: ["developer_id"],
  app_users: ["developer_id", "app_id"],
  apps: ["developer_id"],
  developer_tokens: [],
  notifications: ["user_id"],
  receivable_entries: ["user_id"],
  access_tokens: ["user_id"],
  idempotency_keys: ["caller", "operation"],
  subjects: ["application_id"],
  transfers: ["sender_app_id", "receiver_app_id"],
  transfer_webhooks: ["application_id"],
  wallet_entries: ["application_id"],
  settlement_entries: ["application_id"],
  webhook_deliveries: ["endpoint_id"],
  webhook_attempts: ["endpoint_id"],
  journal: ["tenant"],
  outbox: ["tenant"],
  postings: ["tenant"],
};

/** Values that the tables' rules demand, or that decide which index a query uses. */
const values: Record<string, string> = {
  "app_users.number": "i",
  "testimonies.state": "'pending'",
  "testimonies.region": "null",
  "offers.withdrawn_at": "null",
  "checkouts.state": "iif(i % 2, 'open', 'accepted')",
  "checkouts.payable": "null",
  "payouts.state": "'held'",
  "payments.state": "iif(i % 2, 'succeeded', 'requires_action')",
  "payments.captured_minor": "iif(i % 2, 1, 0)",
  "payments.refunded_minor": "0",
  "payment_methods.state": "'active'",
  "payment_methods.preferred": "0",
  "payment_methods.fingerprint": "null",
  "connected_accounts.state": "'ready'",
  "stripe_effects.state": "'open'",
  "stripe_events.state": "iif(i % 3 = 0, 'received', iif(i % 3 = 1, 'processed', 'dead'))",
  "webhook_deliveries.state": "iif(i % 3 = 0, 'pending', iif(i % 3 = 1, 'failed', 'delivered'))",
  "webhook_deliveries.replay": "0",
  "webhook_endpoints.events": "'[\"*\"]'",
  "transfer_webhooks.state": "iif(i % 2, 'FAILED', 'PENDING')",
  "transfer_webhooks.direction": "'SENDER'",
  "transfers.state": "'AWAITING_ACCEPTANCE'",
  "transfers.accepted_at": "null",
  "tags.tag_string": "'user'",
  "wallet_entries.sequence": "i",
  "wallet_entries.type": "'CREDIT'",
  "wallet_entries.opening_balance": "0",
  "wallet_entries.closing_balance": "1",
  "wallets.balance": "0",
  "settlement_entries.net_amount": "0",
  "settlement_entries.opening_balance": "0",
  "settlement_entries.closing_balance": "0",
  "settlement_entries.last_sequence": "i",
  "idempotency_keys.done_by": "null",
  "attention.cleared_at": "null",
  "receivable_entries.kind": "'raise'",
  "postings.account": "'seller_balance'",
};

/** Values that the same column has in every table. */
const everywhere: Record<string, string> = {
  total_credited: "0",
  total_debited: "0",
  total_credited_high: "0",
  total_credited_low: "0",
  total_debited_high: "0",
  total_debited_low: "0",
  currency: "'NGN'",
  day: sqlDay,
  due_at: "i",
  expires_at: "i",
  received_at: "i",
  created_at: "i",
  live: "1",
  erased_at: "null",
  deleted_at: "null",
  failing_since: "null",
  version: "1",
  line: "0",
  sequence: "1",
  number: "1",
};

/** Columns that hold JSON. */
const json =
  /^(?:look|position|bank_account|billing_address|company|data|events|holds|input|last_error|metadata|next_action|params|public_key|real_estate|regions|requirements|result|scopes|shipping_address)$/;

interface Column {
  name: string;
  type: string;
}

/**
 * Inserts rows with the numbers from `first` to `last` into every table, all of them of the one owner if it can have
 * many.
 */
export async function fillEveryTable(first: number, last: number): Promise<void> {
  const { results } = await env.DB.prepare(
    "select name from sqlite_schema where type = 'table' and sql like '%STRICT%' order by name = 'settlement_days', name",
  ).all<{ name: string }>();
  const inserts = await Promise.all(
    results.map(async ({ name }) => {
      const columns = await env.DB.prepare("select name, type from pragma_table_info(?)").bind(name).all<Column>();
      return env.DB.prepare(insertion(name, columns.results, first, last));
    }),
  );
  // In this order a day is closed after its entries exist; foreign keys are checked at the end.
  await env.DB.batch([env.DB.prepare("pragma defer_foreign_keys = on"), ...inserts]);
}

function insertion(table: string, columns: readonly Column[], first: number, last: number): string {
  const names = columns.map(({ name }) => `"${name}"`).join(", ");
  const cells = columns.map((column) => cellOf(table, column)).join(", ");
  return `with recursive n (i) as (select ${first} union all select i + 1 from n where i < ${last})
    insert into "${table}" (${names}) select ${cells} from n`;
}

function cellOf(table: string, { name, type }: Column): string {
  if (owned[table]?.includes(name)) return sqlOwner;
  if (json.test(name)) return values[`${table}.${name}`] ?? "'[]'";
  return values[`${table}.${name}`] ?? everywhere[name] ?? (type === "INTEGER" || type === "integer" ? "1" : sqlId);
}
