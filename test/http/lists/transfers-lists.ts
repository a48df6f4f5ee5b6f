import type { Chance } from "../../e2e/kill/chance";
import type { Answer } from "../../journey";
import { rows } from "../../operations/rows";
import { wired } from "../../tenant";
import type { Tenant } from "../../transfers-journey";
import { journey } from "../checked";
import { walk } from "../transfers/world";
import { byMember, createdFilters, type ListCase, pathWith, type Query, type Row } from "./list-case";

/** Where the lists have their rows: in the contract's page, or in its array. */
const inContent = {
  ids: ["id"],
  refused: 400,
  rowsOf: (body: Answer["body"]): Row[] => body.data.content,
  hasMore: (body: Answer["body"]): boolean => body.data.has_more,
} as const;
const inArray = {
  ids: ["id"],
  refused: 400,
  rowsOf: (body: Answer["body"]): Row[] => body.data,
  hasMore: (body: Answer["body"]): boolean => body.has_more,
} as const;

const times = createdFilters("createdAt", ["from", "to"]);
const currencies = ["NGN", "EUR"];
const tags = ["user", "alice", "bob"];

/** Two applications that pay each other, and a third one with which both have to do. Each has three tags. */
interface Parties {
  here: Tenant;
  there: Tenant;
}

async function parties(): Promise<Parties> {
  const both = [await walk.tenant({ webhookUrl: boxOf("a") }), await walk.tenant({ webhookUrl: boxOf("b") })] as const;
  for (const tenant of both) for (const name of tags) await walk.anotherTag(tenant, name);
  return { here: both[0], there: both[1] };
}

function boxOf(name: string): string {
  return `http://localhost:8787/sandbox/inbox/${name}`;
}

const listOf = (tenant: Tenant, path: string) => (query: Query) => walk.ask(tenant, "GET", pathWith(path, query));

/** Makes a transfer whose tags and currency are chosen by chance, and ends it by chance if it may. */
async function transfer(from: Tenant, to: Tenant, random: Chance, mayEnd: boolean): Promise<Row> {
  await journey.advance(random.pick([0, 0, 1, 90]) ?? 0);
  const [sender, receiver] = [from, to].map(({ handle }) => `${random.pick(tags)}@${handle}`);
  const made = await walk.initiate(
    { token: from.token, tag: sender ?? "" },
    { tag: receiver ?? "" },
    { amount: 1, currency: random.pick(currencies) ?? "NGN" },
  );
  const end = mayEnd ? random.pick(["wait", "accept", "reject"]) : "wait";
  if (end === "accept") await walk.accept(to, made.body.data);
  if (end === "reject") await walk.reject(to, made.body.data);
  return made.body.data;
}

function transfersList(list: "sent" | "received" | "pending", other: "senderTag" | "receiverTag"): ListCase {
  const way = ({ here, there }: Parties): [Tenant, Tenant] => (list === "sent" ? [here, there] : [there, here]);
  return {
    ...inContent,
    ids: ["reference", "id"],
    operationId: `list-${list}-transfers`,
    filters: {
      status: byMember("status"),
      currency: byMember("currency"),
      reference: byMember("reference"),
      // With the handle or without, in capitals too.
      counterpartyTag: {
        choose: (there, random) => {
          const tag: string = random.pick(there)?.[other] ?? "user";
          return random.pick([tag, tag.split("@")[0] ?? "", `@${tag.toUpperCase()}`]) ?? "";
        },
        matches: (row, value) => {
          const asked = value.toLowerCase().replace(/^@/, "");
          return row[other] === asked || row[other].startsWith(`${asked}@`);
        },
      },
      ...times,
    },
    async open(random) {
      const both = await parties();
      const others = await parties();
      const [from, to] = way(both);
      const [otherFrom, otherTo] = way(others);
      for (let count = 0; count < 3; count += 1) await transfer(otherFrom, otherTo, random, false);
      return {
        ask: listOf(both.here, `/transactions/${list}`),
        askElsewhere: listOf(others.here, `/transactions/${list}`),
        add: (chance) => transfer(from, to, chance, list !== "pending"),
        leaving: {
          query: { status: "AWAITING_ACCEPTANCE" },
          take: ({ reference }) => walk.accept(to, { reference }),
        },
      };
    },
  };
}

const ledger: ListCase = {
  ...inContent,
  operationId: "list-wallet-entries",
  filters: {
    type: { ...byMember("entryType") },
    reference: byMember("transactionReference"),
    ...times,
  },
  async open(random) {
    const both = await parties();
    const others = await parties();
    const pay = async ({ here, there }: Parties, chance: Chance) => {
      await journey.advance(chance.pick([0, 0, 1, 90]) ?? 0);
      const [from, to] = chance.often(0.5) ? [here, there] : [there, here];
      return walk.paid(from, to, { amount: 1 });
    };
    for (let count = 0; count < 3; count += 1) await pay(others, random);
    return {
      ask: listOf(both.here, "/wallet/ledger"),
      askElsewhere: listOf(others.here, "/wallet/ledger"),
      add: (chance) => pay(both, chance),
    };
  },
};

const failed: ListCase = {
  ...inContent,
  operationId: "list-failed-transfer-webhooks",
  filters: {
    direction: byMember("direction"),
    eventType: byMember("eventType"),
    reference: byMember("transactionReference"),
    ...times,
  },
  async open(random) {
    const both = await parties();
    const others = await parties();
    const fail = async ({ here, there }: Parties, chance: Chance) => {
      await journey.advance(chance.pick([0, 1, 90]) ?? 0);
      // It is told of what it receives, and of the end of what it has sent.
      const isSender = chance.often(0.5);
      const [from, to] = isSender ? [here, there] : [there, here];
      const made = await walk.initiated(from, to, isSender ? { callbackUrl: boxOf("c") } : {});
      if (isSender) await (chance.often(0.5) ? walk.accept(to, made) : walk.reject(to, made));
      const failing =
        "update transfer_webhooks set state = 'FAILED', due_at = null where reference = ? and application_id = ?";
      return rows(failing, made.reference, here.id);
    };
    for (let count = 0; count < 3; count += 1) await fail(others, random);
    return {
      ask: listOf(both.here, "/webhooks/failed"),
      askElsewhere: listOf(others.here, "/webhooks/failed"),
      add: (chance) => fail(both, chance),
      leaving: {
        query: {},
        take: ({ id }) => rows("update transfer_webhooks set state = 'DELIVERED' where id = ?", id),
      },
    };
  },
};

const dayMs = 24 * 60 * 60 * 1000;

/** Batches are everybody's, each with nobody's position but the caller's. */
const settlements: ListCase = {
  ...inContent,
  operationId: "list-settlements",
  filters: {
    status: byMember("status"),
    currency: byMember("currency"),
    from: { choose: dayOf, matches: ({ settlementDate }, value) => settlementDate >= value },
    to: { choose: dayOf, matches: ({ settlementDate }, value) => settlementDate < value },
  },
  async open() {
    const reader = await walk.tenant();
    let atMs = Date.UTC(2030, 0, 1);
    return {
      ask: listOf(reader, "/settlement"),
      async add(random) {
        atMs += dayMs;
        const { newId } = await wired();
        const currency = random.pick(["EUR", "NGN", "USD"]) ?? "";
        const both = random.often(0.3) ? [currency, "ZAR"] : [currency];
        for (const one of both) {
          await rows(
            `insert into settlement_batches (day, currency, id, status, total_credited_high, total_credited_low,
              total_debited_high, total_debited_low, transaction_count, application_count, created_at)
              values (?, ?, ?, ?, 0, 0, 0, 0, 0, 0, ?)`,
            new Date(atMs).toISOString().slice(0, 10),
            one,
            newId(),
            random.pick(["COMPLETED", "FAILED"]),
            atMs,
          );
        }
      },
    };
  },
};

function dayOf(there: readonly Row[], random: Chance): string {
  return random.pick(there)?.settlementDate ?? "2030-01-01";
}

let people = 0;

const subjects: ListCase = {
  ...inArray,
  operationId: "list-subjects",
  filters: { externalId: byMember("externalId"), ...times },
  async open() {
    const [here, elsewhere] = [await walk.tenant(), await walk.tenant()];
    return {
      ask: listOf(here, "/subjects"),
      askElsewhere: listOf(elsewhere, "/subjects"),
      async add(random) {
        await journey.advance(random.pick([0, 1, 90]) ?? 0);
        people += 1;
        return walk.must(here, "POST", "/subjects", { externalId: `person-${people}` });
      },
    };
  },
};

const codes = ["AED", "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EGP", "EUR", "GBP", "GHS", "HKD", "HUF", "INR"];
const more = ["JPY", "KES", "MAD", "MXN", "NOK", "NZD", "PHP", "PLN", "QAR", "SAR", "SEK", "SGD", "THB", "TRY", "USD"];

const wallets: ListCase = {
  ...inArray,
  operationId: "list-wallets",
  filters: {},
  async open() {
    const [here, elsewhere] = [await walk.tenant(), await walk.tenant()];
    await walk.must(elsewhere, "POST", "/wallet", { currency: "USD" });
    const left = [...codes, ...more];
    return {
      ask: listOf(here, "/wallets"),
      askElsewhere: listOf(elsewhere, "/wallets"),
      async add(random) {
        await journey.advance(1);
        const currency = left.splice(Math.floor(random.between(0, left.length)), 1)[0];
        return walk.must(here, "POST", "/wallet", { currency });
      },
    };
  },
};

export const transfersLists: readonly ListCase[] = [
  transfersList("sent", "receiverTag"),
  transfersList("received", "senderTag"),
  transfersList("pending", "senderTag"),
  ledger,
  failed,
  settlements,
  subjects,
  wallets,
];
