import type { DatabaseSync } from "node:sqlite";

/** The parameters of the filled transfers. */
export interface Terms {
  /** A JSON list. */
  applicationIds: string;
  transfers: number;
  fromMs: number;
  untilMs: number;
  /** Days up to this one are settled. */
  lastSettled: string;
}

export type Table = keyof typeof statements;

/** Fills one table after the other, and the wallets. Returns the number of rows that each got. */
export function fillTables(database: DatabaseSync, terms: Terms): { table: Table; rows: number }[] {
  for (const [name, query] of [
    ["members", members],
    ["past", past],
  ] as const) {
    database.exec(`CREATE TEMP TABLE ${name} (${columns[name]})`);
    insert(database, `INSERT INTO temp.${name} ${query}`, terms);
  }
  const filled = (Object.keys(statements) as Table[]).map((table) => ({
    table,
    rows: insert(database, `INSERT INTO ${table} ${statements[table]}`, terms),
  }));
  insert(database, moveWallets, terms);
  return filled;
}

function insert(database: DatabaseSync, query: string, terms: Terms): number {
  const named = Object.entries(terms).filter(([name]) => query.includes(`:${name}`));
  return Number(database.prepare(query).run(Object.fromEntries(named)).changes);
}

const columns = {
  members: "position INTEGER PRIMARY KEY, id, name, tag_id, tag",
  past: "n INTEGER PRIMARY KEY, id, reference, state, sender, receiver, amount, created_at, ended_at",
};

/** The applications in their order, each with one of its tags. */
const members = `
  SELECT list.key, a.id, a.name, t.id, t.tag_string || '@' || a.app_handle
  FROM json_each(:applicationIds) AS list JOIN applications a ON a.id = list.value JOIN tags t ON t.application_id = a.id
  GROUP BY list.key`;

/**
 * All transfers, the oldest first. Of five the first application sends two and receives two; one is between others. Of
 * a hundred and one, 95 are completed, 2 rejected, 2 expired, and 2 still wait.
 */
const past = `
  WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :transfers),
    others (count) AS (SELECT count(*) - 1 FROM temp.members),
    told AS MATERIALIZED (
      SELECT n, 1 + n / 5 % count AS other, 1 + (n / 5 + 1) % count AS another, n * 7919 % 101 AS chance,
        CAST(:fromMs + n * 1.0 * (:untilMs - :fromMs) / :transfers AS INTEGER) AS created_at
      FROM numbers, others),
    parties AS (
      SELECT *, CASE WHEN n % 5 < 2 THEN 0 ELSE other END AS sender,
        CASE WHEN n % 5 < 2 THEN other WHEN n % 5 < 4 THEN 0 ELSE another END AS receiver
      FROM told),
    named AS MATERIALIZED (
      SELECT p.*, make_id(created_at, m.id) AS id FROM parties p JOIN temp.members m ON m.position = p.sender)
  SELECT n, id, reference_of(id),
    CASE WHEN chance < 95 THEN 'COMPLETED' WHEN chance < 97 THEN 'REJECTED' WHEN chance < 99 THEN 'EXPIRED'
      ELSE 'AWAITING_ACCEPTANCE' END,
    sender, receiver, 10000 + n * 7919 % 1000000, created_at, created_at + 60000
  FROM named ORDER BY n`;

const parties = `temp.past p JOIN temp.members s ON s.position = p.sender JOIN temp.members r ON r.position = p.receiver`;
const over = "p.state <> 'AWAITING_ACCEPTANCE'";
/** Makes another id of the same time, in the shard of a root, in SQL alone because there are millions of them. */
const idBeside = (id: string, root: string) =>
  `substr(${id}, 1, 15) || substr(${root}, 16, 3) || substr(${id}, 19, 6) || lower(hex(randomblob(6)))`;
const utcDay = (column: string) => `date(${column} / 1000, 'unixepoch')`;

/** A total is kept as two integers: hundred millions, and what is left of them. */
const sumOfTotals = (side: "credited" | "debited") =>
  `sum(total_${side}_high) + sum(total_${side}_low) / 100000000, sum(total_${side}_low) % 100000000`;

/** The statements in the order in which they run: the days are closed when all their entries exist. */
const statements = {
  transfers: `
    SELECT p.reference, p.id, p.state, s.id, r.id, s.tag_id, r.tag_id, s.tag, r.tag, s.name, r.name, p.amount, 'NGN',
      'Invoice ' || p.n, 'https://sender.example.com/hooks',
      p.created_at + CASE p.state WHEN 'EXPIRED' THEN 60000 ELSE 31 * 86400000 END,
      CASE p.state WHEN 'COMPLETED' THEN p.ended_at END, CASE p.state WHEN 'REJECTED' THEN p.ended_at END,
      CASE p.state WHEN 'REJECTED' THEN 'Not ordered' END, NULL, NULL, NULL, p.created_at, CASE WHEN ${over} THEN p.ended_at ELSE p.created_at END
    FROM ${parties} ORDER BY p.reference`,

  journal: `
    SELECT id, version, ${idBeside("id", "sender_id")}, sender_id, name, actor, at, 'filled',
      json_object('reference', reference, 'senderAppId', sender_id, 'receiverAppId', receiver_id, 'amount', amount, 'currency', 'NGN')
    FROM (
      SELECT p.*, s.id AS sender_id, r.id AS receiver_id, 1 AS version, 'initiate-transfer' AS name, 'sender' AS actor,
        p.created_at AS at FROM ${parties}
      UNION ALL
      SELECT p.*, s.id, r.id, 2,
        CASE p.state WHEN 'COMPLETED' THEN 'accept' WHEN 'REJECTED' THEN 'reject' ELSE 'expire' END || '-transfer',
        CASE p.state WHEN 'EXPIRED' THEN 'clock' ELSE 'receiver' END, p.ended_at FROM ${parties} WHERE ${over})
    ORDER BY id, version`,

  transfer_webhooks: `
    SELECT reference, direction, side_id(id, direction), id, application_id, application_name, url, event_type, state,
      1, 1, CASE state WHEN 'FAILED' THEN 'The receiver answered 410' END, at + 100,
      CASE state WHEN 'DELIVERED' THEN at + 100 END, NULL, at, at + 100
    FROM (
      SELECT p.reference, 'RECEIVER' AS direction, p.id, r.id AS application_id, r.name AS application_name,
        'https://receiver.example.com/hooks' AS url, 'TRANSACTION_INITIATED' AS event_type,
        CASE p.n % 103 WHEN 0 THEN 'FAILED' ELSE 'DELIVERED' END AS state, p.created_at AS at FROM ${parties}
      UNION ALL
      SELECT p.reference, 'SENDER', p.id, s.id, s.name, 'https://sender.example.com/hooks', 'TRANSACTION_' || p.state,
        CASE p.n % 103 WHEN 1 THEN 'FAILED' ELSE 'DELIVERED' END, p.ended_at FROM ${parties} WHERE ${over})
    ORDER BY reference, direction`,

  wallet_entries: `
    SELECT application_id, 'NGN', row_number() OVER chain, side_id(transfer_id, type), transfer_id, reference, type, amount,
      sum(signed) OVER chain - signed, sum(signed) OVER chain, counterparty, 'Invoice ' || n, ${utcDay("at")}, at
    FROM (
      SELECT s.id AS application_id, p.n, p.id AS transfer_id, p.reference, 'DEBIT' AS type, p.amount, -p.amount AS signed,
        r.tag AS counterparty, p.ended_at AS at FROM ${parties} WHERE p.state = 'COMPLETED'
      UNION ALL
      SELECT r.id, p.n, p.id, p.reference, 'CREDIT', p.amount, p.amount, s.tag, p.ended_at
      FROM ${parties} WHERE p.state = 'COMPLETED')
    WINDOW chain AS (PARTITION BY application_id ORDER BY n ROWS UNBOUNDED PRECEDING)`,

  settlement_entries: `
    WITH moved AS MATERIALIZED (
      SELECT day, application_id, sum(CASE type WHEN 'CREDIT' THEN amount ELSE 0 END) AS credited,
        sum(CASE type WHEN 'DEBIT' THEN amount ELSE 0 END) AS debited, count(*) AS transfers,
        max(sequence) AS last_sequence
      FROM wallet_entries WHERE day <= :lastSettled GROUP BY day, application_id)
    SELECT day, 'NGN', application_id, make_id(1000 * unixepoch(day, '+2 days'), application_id), a.name, w.id,
      credited / 100000000, credited % 100000000, debited / 100000000, debited % 100000000, credited - debited, sum(credited - debited) OVER chain - (credited - debited),
      sum(credited - debited) OVER chain, transfers, last_sequence, 1000 * unixepoch(day, '+2 days')
    FROM moved JOIN applications a ON a.id = application_id JOIN wallets w USING (application_id)
    WINDOW chain AS (PARTITION BY application_id ORDER BY day ROWS UNBOUNDED PRECEDING)`,

  settlement_batches: `
    SELECT day, 'NGN', make_id(created_at, id), 'COMPLETED', 
      ${sumOfTotals("credited")}, ${sumOfTotals("debited")},
      sum(transaction_count) / 2, count(*), NULL, created_at
    FROM settlement_entries GROUP BY day`,

  settlement_days: "SELECT day, created_at FROM settlement_batches",
};

/** Updates the wallets to the state after their last entries. */
const moveWallets = `
  UPDATE wallets SET sequence = moved.entries,
    total_credited_high = moved.credited / 100000000, total_credited_low = moved.credited % 100000000,
    total_debited_high = moved.debited / 100000000, total_debited_low = moved.debited % 100000000,
    balance = moved.credited - moved.debited, updated_at = moved.at
  FROM (
    SELECT application_id, currency, count(*) AS entries, sum(CASE type WHEN 'CREDIT' THEN amount ELSE 0 END) AS credited,
      sum(CASE type WHEN 'DEBIT' THEN amount ELSE 0 END) AS debited, max(created_at) AS at
    FROM wallet_entries GROUP BY application_id, currency) AS moved
  WHERE wallets.application_id = moved.application_id AND wallets.currency = moved.currency`;
