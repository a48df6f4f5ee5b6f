import { env } from "cloudflare:workers";
import { type Asker, pick, share } from "./asker";
import type { OffersAction } from "./offers-steps";

const doings = ["refund", "refund-part", "release-payout", "retry-payout"] as const;

export type OperatorAction = Extract<OffersAction, { do: (typeof doings)[number] }>;

export function isOperators(action: { do: string }): action is OperatorAction {
  return (doings as readonly string[]).includes(action.do);
}

/**
 * Makes an operator's decision about a testimony. It is recorded before the call, because it may take effect at any
 * time.
 */
export async function actAsOperator(asker: Asker, action: OperatorAction, testimonyId: string): Promise<void> {
  const ask = async (verb: string, body?: object) => {
    asker.judge(await asker.journey.operator("POST", `/testimonies/${testimonyId}/${verb}`, body), action.do);
  };
  switch (action.do) {
    case "refund":
      asker.told.refundAsked.add(testimonyId);
      return ask("refund", { reason: "Ill." });
    case "refund-part": {
      const paidMinor = await amountOf(
        "SELECT total_minor AS amount FROM checkouts WHERE testimony_id = ?",
        testimonyId,
      );
      if (paidMinor === undefined) return;
      asker.told.refundAsked.add(testimonyId); // a part that is the whole rest takes the acceptance back
      return ask("refund", { reason: "Late.", amount: share(paidMinor, action.percent) });
    }
    case "release-payout": {
      const owedMinor = await amountOf(
        "SELECT amount_minor AS amount FROM payouts WHERE testimony_id = ?",
        testimonyId,
      );
      if (owedMinor === undefined) return;
      asker.told.released.add(testimonyId);
      const part = action.percent === null ? {} : { amount: share(owedMinor, action.percent) };
      if (action.early) asker.told.releasedEarly.add(testimonyId);
      return ask("release-payout", { note: "Agreed.", ...part, ...(action.early ? { early: true } : {}) });
    }
    case "retry-payout":
      return ask("retry-payout");
  }
}

interface OpenCall {
  aggregate_id: string;
  id: string;
}

/** Gives up a Stripe call: the first time it is only not sent any more, a day later it ends. */
export async function settleCall(asker: Asker, call: number): Promise<void> {
  const found = pick(await openCalls(""), call);
  if (found) await giveUp(asker, found);
}

/** Ends every call that an operator has stopped. Returns how many there were. */
export async function settleStopped(asker: Asker): Promise<number> {
  const stopped = await stoppedCalls();
  for (const call of stopped) await giveUp(asker, call);
  return stopped.length;
}

/** Lists the calls that an operator has stopped and not ended. */
export function stoppedCalls(): Promise<OpenCall[]> {
  return openCalls("AND failure LIKE 'stopped%'");
}

async function openCalls(which: string): Promise<OpenCall[]> {
  const query = `SELECT aggregate_id, id FROM stripe_effects WHERE state = 'open' ${which} ORDER BY id`;
  return (await env.DB.prepare(query).all<OpenCall>()).results;
}

async function giveUp(asker: Asker, { aggregate_id: aggregateId, id }: OpenCall): Promise<void> {
  const path = `/stripe-calls/${aggregateId}/${id}/settle`;
  const verdict = { outcome: "not_made", note: "Stripe's support says so." };
  asker.judge(await asker.journey.operator("POST", path, verdict), "settle-call");
}

async function amountOf(query: string, testimonyId: string): Promise<number | undefined> {
  return (await env.DB.prepare(`${query} LIMIT 1`).bind(testimonyId).first<{ amount: number }>())?.amount;
}
