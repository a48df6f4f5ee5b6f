import { makeId } from "../../../src/domain/id";
import type { Chance } from "../../e2e/kill/chance";
import { rows } from "../../operations/rows";
import { journey } from "../checked";
import { insertRow, newRow } from "./copy-row";
import { byMember, createdFilters, type Filter, inData, type ListCase, pathWith, type Query } from "./list-case";

/*
 * The lists that operators read of everybody's rows. The rows are written as they are, because the lists show whatever
 * there is.
 */

type Cells = Record<string, string | number | null>;

/** Inserts a row whose other columns that may not be null have a value that is both a text and JSON, or 0. */
async function addRow(table: string, cells: Cells): Promise<void> {
  const columns = await rows<{ name: string; type: string; notnull: number; dflt_value: string | null }>(
    'select name, type, "notnull", dflt_value from pragma_table_info(?)',
    table,
  );
  const needed = columns.filter(({ notnull, dflt_value }) => notnull === 1 && dflt_value === null);
  const filled = needed.map(({ name, type }): [string, string | number] => [
    name,
    type.toUpperCase() === "INTEGER" ? 0 : "[]",
  ]);
  await insertRow(table, { ...Object.fromEntries(filled), ...cells });
}

const people = ["01a1f91e-f699-84f8-8dd3-000000000001", "01a1f91e-f699-84f8-8dd3-000000000002"];
const [someone = "", another = ""] = people;
const pick = <T>(random: Chance, list: readonly T[]): T => random.pick(list) as T;

/** A filter by a condition that holds or does not. */
const flag = (matches: (row: Record<string, unknown>) => boolean): Filter => ({
  choose: (_, random) => String(random.often(0.5)),
  matches: (row, value) => String(matches(row)) === value,
});

function listed(
  operationId: string,
  path: string,
  filters: Record<string, Filter>,
  add: (random: Chance) => Promise<unknown>,
  ids = ["id"],
): ListCase {
  const ask = (query: Query) => journey.operator("GET", pathWith(path, query));
  return { ...inData, operationId, ids, filters, open: async () => ({ ask, add }) };
}

const made = createdFilters("createdAt");
let count = 0;

const testimonies = listed(
  "list-all-testimonies",
  "/testimonies",
  { state: byMember("state"), client: byMember("clientId"), region: byMember("region"), ...made },
  (random) =>
    addRow("testimonies", {
      ...newRow(random),
      state: pick(random, ["pending", "completed"]),
      client_id: pick(random, people),
      region: pick(random, ["ba", "ke"]),
      real_estate: "{}",
    }),
);

const payments = listed(
  "list-all-payments",
  "/payments",
  {
    developer: byMember("developerId"),
    app: byMember("appId"),
    state: byMember("state"),
    order_id: byMember("orderId"),
    ...made,
  },
  async (random) => {
    count += 1;
    const developer = pick(random, people);
    await rows(
      "insert into apps (id, developer_id, name, created_at) values (?, ?, 'App', 0) on conflict do nothing",
      developer,
      developer,
    );
    await addRow("payments", {
      ...newRow(random),
      developer_id: developer,
      app_id: developer,
      order_id: pick(random, ["order-1", "order-2"]),
      state: pick(random, ["succeeded", "canceled", "requires_capture"]),
      capture_method: "manual",
      currency: "eur",
    });
  },
);

const transfers = listed(
  "list-all-transfers",
  `/transfers?sender=${someone}`,
  { receiver: byMember("receiverAppId"), state: byMember("state"), currency: byMember("currency"), ...made },
  (random) => {
    count += 1;
    const row = newRow(random);
    return addRow("transfers", {
      ...row,
      reference: `TXN-${String(count).padStart(8, "0")}-000${"ABCDE".slice(0, 5)}`,
      sender_app_id: someone,
      receiver_app_id: pick(random, people),
      state: pick(random, ["COMPLETED", "REJECTED", "AWAITING_ACCEPTANCE"]),
      currency: pick(random, ["EUR", "USD"]),
    });
  },
  ["reference"],
);

const accounts = listed(
  "list-all-accounts",
  "/accounts",
  { developer: byMember("developerId"), state: byMember("state"), ...made },
  (random) =>
    addRow("connected_accounts", {
      ...newRow(random),
      developer_id: pick(random, people),
      email: "seller@example.com",
      country: "SK",
      state: pick(random, ["ready", "incomplete"]),
    }),
);

const currencies = ["AED", "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EGP", "EUR", "GBP", "GHS", "HKD", "HUF"];
const others = [
  "JPY",
  "KES",
  "MAD",
  "MXN",
  "NOK",
  "NZD",
  "PHP",
  "PLN",
  "QAR",
  "SAR",
  "SEK",
  "SGD",
  "THB",
  "TRY",
  "USD",
];
const left = [...currencies, ...others];

const wallets = listed(
  "list-all-wallets",
  `/wallets?application=${someone}`,
  { currency: byMember("currency") },
  async (random) => {
    const [currency = ""] = left.splice(Math.floor(random.between(0, left.length)), 1);
    const { id, created_at } = newRow(random);
    for (const application_id of people) {
      const own = application_id === someone ? id : newRow(random).id;
      await addRow("wallets", { id: own, created_at, application_id, currency });
    }
  },
);

const calls = listed(
  "list-stripe-calls",
  "/stripe-calls",
  { kind: byMember("kind"), failing: flag(({ attempts }) => (attempts as number) >= 5), ...made },
  (random) => {
    const { id, created_at } = newRow(random);
    return addRow("stripe_effects", {
      id,
      created_at,
      aggregate_id: pick(random, people),
      kind: pick(random, ["create-refund", "create-transfer"]),
      state: "open",
      attempts: pick(random, [0, 4, 5, 9]),
      due_at: created_at + 60_000,
    });
  },
);

const endpoints = listed(
  "list-all-webhook-endpoints",
  "/webhook-endpoints",
  { owner: byMember("owner"), enabled: flag(({ enabled }) => enabled === true), ...made },
  (random) =>
    addRow("webhook_endpoints", {
      ...newRow(random),
      owner: pick(random, people),
      wire: "standard",
      enabled: pick(random, [0, 1]),
      metadata: "{}",
    }),
);

let endpoint = 0;

/** Each has an endpoint of its own, newer than the ones before, as the list is ordered by them. */
const deliveries = listed(
  "list-all-webhook-deliveries",
  "/webhook-deliveries",
  {
    endpoint: byMember("endpointId"),
    owner: byMember("owner"),
    state: byMember("state"),
    type: byMember("type"),
    ...made,
  },
  async (random) => {
    endpoint += random.often(0.5) ? 1 : 0;
    const id = makeId(2_000_000_000_000 + endpoint, 0, new Uint8Array(9));
    const owner = people[endpoint % 2] ?? "";
    await rows("delete from webhook_endpoints where id = ?", id);
    await addRow("webhook_endpoints", { id, owner, wire: "standard", enabled: 1, metadata: "{}" });
    const row = newRow(random);
    await addRow("webhook_deliveries", {
      endpoint_id: id,
      event_id: row.id,
      created_at: row.created_at,
      type: pick(random, ["offer.created", "payout.paid"]),
      state: pick(random, ["pending", "delivered", "failed"]),
    });
  },
);

const records = listed(
  "list-all-transfer-webhooks",
  "/transfer-webhooks",
  {
    application: byMember("applicationId"),
    direction: byMember("direction"),
    event_type: byMember("eventType"),
    ...made,
  },
  async (random) => {
    count += 1;
    const { id, created_at } = newRow(random);
    const reference = `TXN-${String(count).padStart(8, "0")}-000RECRD`;
    const direction = pick(random, ["RECEIVER", "SENDER"]);
    await addRow("journal", {
      aggregate_id: id,
      version: 1,
      name: "initiate-transfer",
      data: JSON.stringify({ reference }),
    });
    await addRow("transfer_webhooks", {
      id: id.slice(0, -1) + (Number.parseInt(id.slice(-1), 16) ^ (direction === "RECEIVER" ? 1 : 2)).toString(16),
      created_at,
      reference,
      transfer_id: id,
      direction,
      application_id: count > 20 ? another : someone,
      event_type: direction === "RECEIVER" ? "TRANSACTION_INITIATED" : "TRANSACTION_COMPLETED",
      state: "FAILED",
    });
  },
);

const days = listed(
  "list-settlement-days",
  "/settlement-days",
  { currency: byMember("currency"), status: byMember("status") },
  async (random) => {
    count += 1;
    const day = new Date(Date.UTC(2031, 0, count)).toISOString().slice(0, 10);
    const { id } = newRow(random);
    const status = pick(random, ["COMPLETED", "FAILED"]);
    await addRow("settlement_batches", { day, currency: pick(random, ["EUR", "USD"]), id, status });
  },
);

export const everybodysLists: readonly ListCase[] = [
  testimonies,
  payments,
  transfers,
  accounts,
  wallets,
  calls,
  endpoints,
  deliveries,
  records,
  days,
];
