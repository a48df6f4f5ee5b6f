import type { Statement } from "../../db/database";
import { selectApplication } from "../../db/transfers/applications";
import type { Transfer } from "../../db/transfers/transfer";
import { loadTransfer, type TransferAggregate, type TransferView, updateTransfer } from "../../db/transfers/transfers";
import { moveMoney } from "../../db/transfers/wallet-movement";
import { insertTransferWebhook, jobOf, senderRecords } from "../../db/transfers/webhook-records";
import { enter, step } from "../../domain/machine";
import { type Result, refuse, success } from "../../domain/result";
import { dayAfter, dayOf, startOf } from "../../domain/transfers/day";
import { isOver, type TransferTransition, transferMachine } from "../../domain/transfers/transfer";
import type { OtherEventType } from "../../domain/webhooks/notification";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import { eventOfTransfer } from "./transfer-events";

/** A transfer that may be resolved, and the moment at which its resolution counts. */
export interface Open {
  aggregate: TransferAggregate;
  atMs: number;
}

/**
 * Finds a transfer that its receiver may resolve at this moment. Refuses in the order of the contract:
 * `transfer_unknown` to everybody who is no party, `not_receiver`, `transfer_resolved`, `transfer_expired`.
 */
export async function findOpen(
  deps: Deps,
  { applicationId, reference }: { applicationId: string; reference: string },
  name: TransferTransition,
): Promise<Result<Open>> {
  const aggregate = await loadTransfer(deps.db, reference, dayOf(deps.nowMs()));
  if (!aggregate) return refuse("transfer_unknown");
  const { transfer, closedDay } = aggregate;
  if (transfer.receiverAppId !== applicationId) {
    const isKnown = transfer.senderAppId === applicationId || (await isAdmin(deps, applicationId));
    return refuse(isKnown ? "not_receiver" : "transfer_unknown");
  }
  if (!step(transferMachine, name, transfer.state, "receiver")) {
    return refuse("transfer_resolved", transfer.state, { status: transfer.state });
  }
  const atMs = openMoment(deps.nowMs(), closedDay);
  return isOver(transfer, atMs) ? refuse("transfer_expired") : success({ aggregate, atMs });
}

/**
 * Tells whether an application is an administrator. Administrators may know that the transfer exists, but may do no
 * more than others.
 */
async function isAdmin(deps: Deps, applicationId: string): Promise<boolean> {
  const [[application]] = await deps.db.batch([selectApplication(deps.db, applicationId)]);
  return application?.admin === true;
}

/**
 * Returns the moment at which a resolution counts: the present one, unless a machine whose clock is ahead of ours has
 * closed this day; then the first moment of the next.
 */
function openMoment(nowMs: number, closedDay: string | null): number {
  return closedDay === null ? nowMs : Math.max(nowMs, startOf(dayAfter(closedDay)));
}

/** The end of a transfer: its transition, its actor, and the columns that change. */
export interface Resolution {
  name: TransferTransition;
  party: "receiver" | "clock";
  changes: Partial<Pick<Transfer, "acceptedAt" | "rejectedAt" | "rejectionReason">>;
}

const told = {
  accept: "transfer.completed",
  reject: "transfer.rejected",
  expire: "transfer.expired",
} as const satisfies Record<TransferTransition, OtherEventType>;

/** Resolves a transfer with all effects of its transition in one batch, and returns the resolved transfer. */
export async function resolveTransfer(
  deps: Deps,
  { aggregate, atMs }: Open,
  { name, party, changes }: Resolution,
): Promise<Result<TransferView>> {
  const { webhooks, ...transfer } = aggregate.transfer;
  const { reference, senderAppId, receiverAppId, amount, currency } = transfer;
  const ended = { state: enter(transferMachine, name, transfer.state, party), ...changes, updatedAt: atMs };
  const records = senderRecords({ ...transfer, ...ended });
  const answer = success({ ...transfer, ...ended, webhooks: [...webhooks, ...records] });
  const effects: Record<"move-money" | "notify-sender", () => Statement[]> = {
    "move-money": () => moveMoney(deps.db, { transfer, atMs, day: dayOf(atMs) }),
    "notify-sender": () => records.map((row) => insertTransferWebhook(deps.db, row)),
  };
  await appendChange(deps, aggregate, {
    name: `${name}-transfer`,
    actor: party,
    data: { reference, senderAppId, receiverAppId, amount, currency },
    rows: [
      updateTransfer(deps.db, reference, ended),
      ...transferMachine[name].effects.flatMap((effect) => effects[effect]()),
    ],
    events: [eventOfTransfer(told[name], { ...transfer, ...ended })],
    answer,
  });
  await deps.enqueueDeliveries(records.map(jobOf));
  return answer;
}
