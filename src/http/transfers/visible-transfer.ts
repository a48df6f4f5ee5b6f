import type { Application } from "../../db/applications";
import type { Database } from "../../db/database";
import { selectTransferWebhooks } from "../../db/transfer-webhooks";
import { selectTransfer, type Transfer, type TransferView, type TransferWebhook } from "../../db/transfers";
import type { Refusal } from "../../domain/refusal";

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
