import type { Statement } from "../../db/database";
import { selectApplication } from "../../db/transfers/applications";
import type { Transfer, TransferWebhook } from "../../db/transfers/transfer";
import { loadTransfer, type TransferAggregate, type TransferView, updateTransfer } from "../../db/transfers/transfers";
import { moveMoney } from "../../db/transfers/wallet-movement";
import { insertTransferWebhook, jobOf, receiverRecords, senderRecords } from "../../db/transfers/webhook-records";
import type { Known } from "../../domain/known";
import { enter, step } from "../../domain/machine";
import { type Result, refuse, success } from "../../domain/result";
import { dayAfter, dayOf, startOf } from "../../domain/transfers/day";
import { isOver, type TransferEffect, type TransferTransition, transferMachine } from "../../domain/transfers/transfer";
import type { OtherEventType } from "../../domain/webhooks/notification";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import { eventOfTransfer } from "./transfer-events";

/** A transfer that may be resolved, and the moment at which its resolution counts. */
export interface Open {
  aggregate: TransferAggregate;
  atMs: number;
}

/** The input of a party that answers a transfer. */
export interface TransferAnswer extends Known<TransferAggregate> {
  applicationId: string;
  reference: string;
}

/** The ends that one of the parties makes. */
type Answer = Exclude<TransferTransition, "expire">;

/**
 * Finds a transfer that its receiver may accept or reject, or its sender cancel, at this moment. Refuses in the order of
 * the contract: `transfer_unknown` to everybody who is no party, `not_receiver` or `not_sender`, `transfer_resolved`,
 * `transfer_expired`.
 */
export async function findOpen(
  deps: Deps,
  { applicationId, reference, known }: TransferAnswer,
  name: Answer,
): Promise<Result<Open>> {
  const aggregate = known ?? (await loadTransfer(deps.db, reference, dayOf(deps.nowMs())));
  if (!aggregate) return refuse("transfer_unknown");
  const { transfer, closedDay, audience } = aggregate;
  const [party] = transferMachine[name].actors;
  if (applicationId !== { sender: transfer.senderAppId, receiver: transfer.receiverAppId }[party]) {
    const isKnown = audience.includes(applicationId) || (await isAdmin(deps, applicationId));
    return refuse(isKnown ? `not_${party}` : "transfer_unknown");
  }
  if (!step(transferMachine, name, transfer.state, party)) {
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

/** The end of a transfer: its transition, the columns that change, and the receiver's address where it is told. */
export interface Resolution {
  name: TransferTransition;
  changes: Partial<Pick<Transfer, "acceptedAt" | "rejectedAt" | "rejectionReason" | "cancelledAt">>;
  receiverUrl?: string | null;
}

const told = {
  accept: "transfer.completed",
  reject: "transfer.rejected",
  cancel: "transfer.cancelled",
  expire: "transfer.expired",
} as const satisfies Record<TransferTransition, OtherEventType>;

/** Resolves a transfer with all effects of its transition in one batch, and returns the resolved transfer. */
export async function resolveTransfer(
  deps: Deps,
  { aggregate, atMs }: Open,
  { name, changes, receiverUrl = null }: Resolution,
): Promise<Result<TransferView>> {
  const { webhooks, ...transfer } = aggregate.transfer;
  const { reference, senderAppId, receiverAppId, amount, currency } = transfer;
  const [party] = transferMachine[name].actors;
  const changed = { state: enter(transferMachine, name, transfer.state, party), ...changes, updatedAt: atMs };
  const ended = { ...transfer, ...changed };
  const moves: Statement[] = [];
  const records: TransferWebhook[] = [];
  const effects: Record<TransferEffect, () => number> = {
    "move-money": () => moves.push(...moveMoney(deps.db, { transfer, atMs, day: dayOf(atMs) })),
    "notify-receiver": () => records.push(...receiverRecords(ended, receiverUrl)),
    "notify-sender": () => records.push(...senderRecords(ended)),
  };
  for (const effect of transferMachine[name].effects) effects[effect]();
  const answer = success({ ...ended, webhooks: [...webhooks, ...records] });
  await appendChange(deps, aggregate, {
    name: `${name}-transfer`,
    actor: party,
    data: { reference, senderAppId, receiverAppId, amount, currency },
    rows: [
      updateTransfer(deps.db, reference, changed),
      ...moves,
      ...records.map((row) => insertTransferWebhook(deps.db, row)),
    ],
    events: [eventOfTransfer(told[name], ended)],
    answer,
  });
  await deps.enqueueDeliveries(records.map(jobOf));
  return answer;
}
