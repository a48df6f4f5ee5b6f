import type { Chance } from "../../e2e/kill/chance";
import { rows } from "../../operations/rows";
import type { Tenant } from "../../transfers-journey";
import { journey } from "../checked";
import { walk } from "../transfers/world";
import { inContent, listOf, times } from "./in-transfers";
import { byMember, type ListCase, type Row } from "./list-case";

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

/** Makes a transfer whose tags and currency are chosen by chance, and ends it by chance if it may. */
async function transfer(from: Tenant, to: Tenant, random: Chance, mayEnd: boolean): Promise<Row> {
  await journey.advance(random.pick([0, 0, 1, 90]) ?? 0);
  const [sender, receiver] = [from, to].map(({ handle }) => `${random.pick(tags)}@${handle}`);
  const made = await walk.initiate(
    { token: from.token, tag: sender ?? "" },
    { tag: receiver ?? "" },
    { amount: 1, currency: random.pick(currencies) ?? "NGN", externalId: crypto.randomUUID() },
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
      ...(list === "sent" ? { externalId: byMember("externalId") } : {}),
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

export const transfersLists: readonly ListCase[] = [
  transfersList("sent", "receiverTag"),
  transfersList("received", "senderTag"),
  transfersList("pending", "senderTag"),
  ledger,
  failed,
];
