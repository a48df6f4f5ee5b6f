import { createHmac } from "node:crypto";
import type { Journey } from "../../journey.ts";
import { TransfersJourney } from "../../transfers-journey.ts";
import type { Arrival } from "../webhooks/receiver.ts";
import type { GuildLoad } from "./application.ts";
import type { TransferStory } from "./evidence.ts";
import { type Row, stored } from "./stored.ts";

interface World {
  stories: readonly TransferStory[];
  transfers: Row[];
  records: Row[];
  wallets: Row[];
  entries: Row[];
  arrivals: readonly Arrival[];
}

/** Lists what is wrong with transfers, one line each; an empty list is a pass. `fresh` are those of this round. */
export async function judgeTransfers(
  journey: Journey,
  load: GuildLoad,
  stateDir: string,
  fresh: readonly TransferStory[],
): Promise<string[]> {
  const world: World = {
    stories: load.book.transfers,
    transfers: stored(stateDir, "SELECT * FROM transfers"),
    records: stored(stateDir, "SELECT * FROM transfer_webhooks"),
    wallets: stored(stateDir, "SELECT * FROM wallets"),
    entries: stored(stateDir, "SELECT * FROM wallet_entries ORDER BY application_id, currency, sequence"),
    arrivals: load.receiver.arrivals,
  };
  return [
    ...nothingIsLost(world),
    ...nothingHappensTwice(world),
    ...chainsHaveNoGaps(world),
    ...everybodyIsTold(world, load),
    ...(await asTheirPartiesSeeIt(journey, fresh)),
  ];
}

/** Lists days that are over and not settled. */
export function unsettledDays(stateDir: string): string[] {
  return stored(
    stateDir,
    `SELECT e.day, e.currency, count(*) AS n FROM wallet_entries e
     LEFT JOIN settlement_batches b ON b.day = e.day AND b.currency = e.currency AND b.status = 'COMPLETED'
     WHERE b.id IS NULL GROUP BY 1, 2`,
  ).map(({ day, currency, n }) => `open: ${n} entries of ${day} in ${currency} are not settled`);
}

/** Checks that every answered 201 is a row, and every answered 200 is still true. */
function nothingIsLost({ stories, transfers }: World): string[] {
  const rows = new Map(transfers.map((row) => [row.reference, row]));
  return stories.flatMap(({ reference, sender, receiver, units, ends }) => {
    const row = rows.get(reference);
    const isSame = row?.amount === units && row.sender_app_id === sender.id;
    if (!isSame || row.receiver_app_id !== receiver.id) return [`lost: transfer ${reference}`];
    const [end = row.state] = ends;
    return row.state === end ? [] : [`lost: ${reference} was ${end}, is ${row.state}`];
  });
}

/** Checks that there is one row for each answer, one end for each transfer, and two entries for each completed one. */
function nothingHappensTwice({ stories, transfers, entries }: World): string[] {
  const sides = Map.groupBy(entries, ({ transfer_id }) => transfer_id);
  return [
    ...(transfers.length === stories.length ? [] : [`${stories.length} transfers answered, ${transfers.length} rows`]),
    ...stories
      .filter(({ ends }) => ends.length > 1)
      .map(({ reference, ends }) => `twice: ${reference} was answered as ${ends}`),
    ...transfers.flatMap(({ id, reference, state, amount, sender_app_id, receiver_app_id }) => {
      const due =
        state === "COMPLETED" ? [`CREDIT ${receiver_app_id} ${amount}`, `DEBIT ${sender_app_id} ${amount}`] : [];
      const found = (sides.get(id ?? null) ?? []).map((one) => `${one.type} ${one.application_id} ${one.amount}`);
      return found.toSorted().join() === due.join() ? [] : [`${reference} is ${state}: entries [${found}]`];
    }),
  ];
}

/** Checks that each wallet is the sum of its entries, one after the other, from zero. */
function chainsHaveNoGaps({ wallets, entries }: World): string[] {
  return wallets.flatMap((wallet) => {
    const { application_id, currency, balance, sequence } = wallet;
    const own = entries.filter((one) => one.application_id === application_id && one.currency === currency);
    let reached = 0;
    const breaks = own.filter((entry, at) => {
      const opensRight = entry.sequence === at + 1 && entry.opening_balance === reached;
      reached += entry.type === "CREDIT" ? Number(entry.amount) : -Number(entry.amount);
      return !opensRight || entry.closing_balance !== reached;
    });
    const isRight = breaks.length === 0 && reached === balance && own.length === sequence;
    return isRight ? [] : [`chain of ${application_id}: ${breaks.length} breaks, ${own.length} entries, ${balance}`];
  });
}

/**
 * Checks that every record has arrived, signed by its receiver's secret, and that each side of a finished transfer has
 * one.
 */
function everybodyIsTold({ transfers, records, arrivals }: World, { tenants }: GuildLoad): string[] {
  const heard = Map.groupBy(arrivals, ({ headers }) => headers["x-idaas-delivery"]);
  const secrets = new Map(tenants.map(({ id, webhookSecret }) => [id, webhookSecret]));
  const ended = transfers.filter(({ state }) => state !== "AWAITING_ACCEPTANCE");
  const due = transfers.length + ended.length;
  return [
    ...(records.length === due ? [] : [`${records.length} records of whom to tell, ${due} are due`]),
    ...records.flatMap(({ id, reference, direction, state, application_id }) => {
      const copies = heard.get(String(id)) ?? [];
      const secret = secrets.get(String(application_id)) ?? "";
      const isTold = state === "DELIVERED" && copies.length > 0 && copies.every((one) => isSigned(one, secret));
      return isTold ? [] : [`open: the ${direction} of ${reference} is ${state}, heard ${copies.length} times`];
    }),
  ];
}

function isSigned({ headers, body }: Arrival, secret: string): boolean {
  const mac = createHmac("sha256", secret).update(`v0:${headers["x-idaas-timestamp"]}:${body}`).digest("hex");
  return headers["x-idaas-signature"] === `v0=${mac}`;
}

/** Checks what was acknowledged in this round through its parties' API. */
async function asTheirPartiesSeeIt(journey: Journey, fresh: readonly TransferStory[]): Promise<string[]> {
  const walk = new TransfersJourney(journey);
  const wrong: string[] = [];
  for (const { reference, sender, ends } of fresh) {
    const { status, body } = await walk.ask(sender, "GET", `/transactions/${reference}`);
    const isSame = ends.length === 0 || body.data?.status === ends[0];
    if (status !== 200 || !isSame) wrong.push(`GET /transactions/${reference}: ${status} ${body.data?.status}`);
  }
  return wrong;
}
