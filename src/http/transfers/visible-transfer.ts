import type { Database } from "../../db/database";
import type { Application } from "../../db/transfers/applications";
import type { Transfer, TransferWebhook } from "../../db/transfers/transfer";
import {
  selectTransfer,
  type TransferAggregate,
  type TransferView,
  transferOf,
  transferReads,
} from "../../db/transfers/transfers";
import { selectTransferWebhooks } from "../../db/transfers/webhook-records";
import type { Known } from "../../domain/known";
import type { Refusal } from "../../domain/refusal";
import { dayOf } from "../../domain/transfers/day";

type Rows = readonly [readonly Transfer[], TransferWebhook[]];

type Look = { db: Database; params: Record<string, string> };

/** Finds the transfer that this part of a path names, for its two parties. To everybody else it is unknown. */
export const visibleBy = (part: "reference" | "id") => ({
  load: ({ db, params: { [part]: reference = "" } }: Look) =>
    [selectTransfer(db, reference), selectTransferWebhooks(db, reference)] as const,
  find: ([[transfer], webhooks]: Rows): TransferView | Refusal =>
    transfer ? { ...transfer, webhooks } : "transfer_unknown",
  permit: ({ id }: Application, { senderAppId, receiverAppId }: TransferView): Refusal | undefined =>
    id === senderAppId || id === receiverAppId ? undefined : "transfer_unknown",
});

/** Reads the transfer that this part of a path names, to be handed to the command that answers it. */
export const handedBy = (part: "reference" | "id") => ({
  load: ({ db, params: { [part]: reference = "" }, nowMs }: Look & { nowMs: number }) =>
    transferReads(db, reference, dayOf(nowMs)),
  find: (rows: Parameters<typeof transferOf>[0]): Known<TransferAggregate> => ({ known: transferOf(rows) }),
});
