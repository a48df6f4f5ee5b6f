import type { Chance } from "../../e2e/kill/chance";
import { rows } from "../../operations/rows";
import { wired } from "../../tenant";
import { journey } from "../checked";
import { walk } from "../transfers/world";
import { inArray, inContent, listOf, times } from "./in-transfers";
import { byMember, type ListCase, type Row } from "./list-case";

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

/** What an application has beside its transfers. */
let names = 0;

const tags: ListCase = {
  ...subjects,
  operationId: "list-tags",
  filters: times,
  async open() {
    const [here, elsewhere] = [await walk.tenant(), await walk.tenant()];
    return {
      ask: listOf(here, "/tags"),
      askElsewhere: listOf(elsewhere, "/tags"),
      add: async (chance) => {
        await journey.advance(chance.pick([0, 1, 90]) ?? 0);
        names += 1;
        return walk.anotherTag(here, `tag${names}`);
      },
    };
  },
};

export const applicationLists: readonly ListCase[] = [settlements, subjects, tags, wallets];
