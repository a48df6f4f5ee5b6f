import { type PartyRows, partyReads, type TagsAsWritten } from "../../db/transfers/parties";
import type { Transfer } from "../../db/transfers/transfer";
import { insertTransfer, type TransferView } from "../../db/transfers/transfers";
import { provisionWallet } from "../../db/transfers/wallets";
import { insertTransferWebhook, jobOf, receiverRecords } from "../../db/transfers/webhook-records";
import { currencies } from "../../domain/currency";
import { bucketOf } from "../../domain/id";
import type { Known } from "../../domain/known";
import { type Result, refuse, success } from "../../domain/result";
import { referenceOf } from "../../domain/transfers/transfer";
import { fitsCurrency, isTransferAmount } from "../../domain/transfers/transfer-amount";
import { appendChange } from "../change";
import type { Deps } from "../deps";
import type { Recall } from "../operation";
import { findParties, type Parties } from "./find-parties";
import { withoutTexts } from "./recall-texts";
import { eventOfTransfer } from "./transfer-events";

/** Amounts are integers of scale 4. */
interface Initiation extends TagsAsWritten, Known<PartyRows> {
  amount: number;
  currency: string;
  narration: string | null;
  callbackUrl: string | null;
  /** The application's own members. Its own name for it, `externalId`, is given once for ever. */
  metadata: Record<string, unknown> | null;
}

/**
 * Asks the receiving application to accept a transfer. No money is moved or held; both wallets exist from here on, and
 * the receiver is told. Refuses in the order of the contract.
 */
export async function initiateTransfer(deps: Deps, input: Initiation): Promise<Result<TransferView>> {
  const isAmount = isTransferAmount(input.amount) && fitsCurrency(input.amount, input.currency);
  if (!isAmount) throw new Error("the route has accepted an amount that is none");
  const rows = input.known ?? (await deps.db.batch(partyReads(deps.db, input)));
  const found = findParties(rows, input);
  if (!found.ok) return found;
  const [, , [namesake]] = rows;
  if (namesake) return refuse("transfer_exists", namesake.reference);
  const { sender, receiver } = found.value;
  if (sender.tag.id === receiver.tag.id) return refuse("self_transfer");
  if (!currencies.has(input.currency)) return refuse("currency_unsupported");

  const transfer = newTransfer(deps, input, found.value);
  const { id, senderAppId, receiverAppId, reference, amount, currency, createdAt } = transfer;
  const webhooks = receiverRecords(transfer, receiver.application.transactionWebhookUrl);
  const answer = success({ ...transfer, webhooks });
  await appendChange(
    deps,
    { aggregateId: id, tenant: senderAppId, audience: [senderAppId, receiverAppId], version: 0, sequence: 0 },
    {
      name: "initiate-transfer",
      actor: "sender",
      data: { reference, receiverAppId, amount, currency },
      rows: [
        insertTransfer(deps.db, transfer),
        ...[...new Set([senderAppId, receiverAppId])].map((applicationId) =>
          provisionWallet(deps.db, { applicationId, currency }, deps.newId(bucketOf(applicationId)), createdAt),
        ),
        ...webhooks.map((webhook) => insertTransferWebhook(deps.db, webhook)),
      ],
      events: [eventOfTransfer("transfer.initiated", transfer)],
      answer,
    },
  );
  await deps.enqueueDeliveries(webhooks.map(jobOf));
  return answer;
}

/** The sender's texts are in the request. */
export const recallInitiation: Recall<Initiation, TransferView> = {
  keep: withoutTexts,
  again: (kept, { narration, callbackUrl, metadata }) => ({ ...kept, narration, callbackUrl, metadata }),
};

function newTransfer(deps: Deps, input: Initiation, { sender, receiver }: Parties): Transfer {
  const nowMs = deps.nowMs();
  const id = deps.newId(bucketOf(sender.tag.applicationId));
  const { senderTag, receiverTag, amount, currency, narration, callbackUrl, externalId, metadata } = input;
  return {
    reference: referenceOf(id),
    id,
    state: "AWAITING_ACCEPTANCE",
    senderAppId: sender.tag.applicationId,
    receiverAppId: receiver.tag.applicationId,
    senderTagId: sender.tag.id,
    receiverTagId: receiver.tag.id,
    senderTag,
    receiverTag,
    senderAppName: sender.application.name,
    receiverAppName: receiver.application.name,
    amount,
    currency,
    narration,
    callbackUrl,
    expiresAt: nowMs + deps.settings.transferWindowMs,
    acceptedAt: null,
    rejectedAt: null,
    rejectionReason: null,
    cancelledAt: null,
    externalId,
    metadata,
    createdAt: nowMs,
    updatedAt: nowMs,
  };
}
