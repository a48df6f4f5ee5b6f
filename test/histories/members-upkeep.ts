import { transferDecimals, written } from "../written-amount";
import { type Asker, pick } from "./asker";
import type { Member } from "./members";
import { readStripe } from "./snapshot";
import type { TransfersAction } from "./transfers-steps";
import { hearOfSettlement } from "./transfers-told";

/** The functions that take the steps of some kinds. */
export type StepsOf<D extends TransfersAction["do"]> = {
  [One in D]: (action: Extract<TransfersAction, { do: One }>) => Promise<void>;
};

/** The steps of applications beside their transfers: settlements, webhooks, keys, limits. */
export function stepsOfUpkeep(asker: Asker, members: readonly Member[], secrets: string[]) {
  return {
    "settle-day": async ({ daysAgo, by }) => {
      const day = await dayBefore(daysAgo);
      const member = by === "administrator" ? members.at(-1) : members[0];
      if (!member) return;
      const answer = await asker.call("POST", `/settlement/trigger?date=${day}`, member.caller);
      if (answer.status !== 200) return;
      if (by === "other") asker.told.wrong.push(`${day} was settled by somebody who may not`);
      if (day >= (await dayBefore(0))) asker.told.wrong.push(`${day} was settled before it was over`);
      hearOfSettlement(asker.told, answer);
    },
    "retry-webhook": async ({ application }) => {
      const caller = pick(members, application)?.caller;
      if (!caller) return;
      const { body } = await asker.call("GET", "/webhooks/failed", caller);
      const [failed] = body.data?.content ?? [];
      if (failed) await asker.call("POST", `/webhooks/${failed.id}/retry`, caller);
    },
    "change-key": async ({ application, encrypted }) => {
      const member = pick(members, application);
      if (!member) return;
      const rotated = await asker.call("POST", "/applications/keys/rotate", member.caller);
      if (rotated.status !== 200) return;
      member.privateKeys.push(rotated.body.data.appPrivateJwk);
      secrets.push(rotated.body.data.appPrivateJwk.d);
      await asker.call("PATCH", "/applications/me", member.caller, { encryptionEnabled: encrypted });
    },
    "limit-debits": async ({ application, limit }) => {
      const member = pick(members, application);
      if (!member) return;
      const path = `/applications/${member.tenant.id}`;
      const debitLimit = limit === null ? null : written(limit, transferDecimals);
      asker.judge(await asker.journey.operator("PATCH", path, { debitLimit }), "limit-debits");
    },
    inbox: async ({ application, mode }) => {
      const member = pick(members, application);
      if (member) await asker.try("inbox", { box: member.box, mode });
    },
  } satisfies Partial<StepsOf<TransfersAction["do"]>>;
}

/** Returns the UTC day of so many days ago. */
async function dayBefore(days: number): Promise<string> {
  return new Date((await readStripe()).nowMs - days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
}
