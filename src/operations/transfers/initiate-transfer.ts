import { type Application, selectTagOf, selectTagsAt, type Tag } from "../../db/applications";
import { errandOf, insertTransferWebhook, receiverRecords } from "../../db/transfer-webhooks";
import { insertTransfer, type Transfer, type TransferView } from "../../db/transfers";
import { provisionWallet } from "../../db/wallets";
import { currencies } from "../../domain/currency";
import { homeOf } from "../../domain/id";
import { type Result, refuse, success } from "../../domain/result";
import { readTagAddress, type TagAddress } from "../../domain/tag";
import { referenceOf } from "../../domain/transfer";
import { isTransferAmount } from "../../domain/transfer-amount";
import { record } from "../change";
import type { Input } from "../commands";
import type { Deps } from "../deps";

/**
 * Asks the receiving application to take a payment (transfers.md 2.1.1). Nothing moves and nothing is held; both wallets
 * are there from now on (U28), and the receiver is told. Refusals in the order of the contract.
 */
export async function initiateTransfer(deps: Deps, input: Input<"initiate-transfer">): Promise<Result<TransferView>> {
  if (!isTransferAmount(input.amount)) throw new Error("the edge lets nothing pass that is no amount");
  const resolved = await resolveParties(deps, input);
  if (!resolved.ok) return resolved;
  if (resolved.value.sender.tag.id === resolved.value.receiver.tag.id) return refuse("self_transfer");
  if (!currencies.has(input.currency)) return refuse("currency_unsupported");

  const transfer = newTransfer(deps, input, resolved.value);
  const { id, senderAppId, receiverAppId, reference, amount, currency, createdAt } = transfer;
  const webhooks = receiverRecords(transfer, resolved.value.receiver.application.transactionWebhookUrl);
  const answer = success({ ...transfer, webhooks });
  await record(
    deps,
    { aggregateId: id, tenant: senderAppId, audience: senderAppId, version: 0, sequence: 0 },
    {
      name: "initiate-transfer",
      actor: "sender",
      data: { reference, receiverAppId, amount, currency },
      rows: [
        insertTransfer(deps.db, transfer),
        ...[...new Set([senderAppId, receiverAppId])].map((applicationId) =>
          provisionWallet(deps.db, { applicationId, currency }, deps.newId(homeOf(applicationId)), createdAt),
        ),
        ...webhooks.map((webhook) => insertTransferWebhook(deps.db, webhook)),
      ],
      answer,
    },
  );
  await deps.dispatch(webhooks.map(errandOf));
  return answer;
}

/** A tag with the application that it belongs to. */
interface Party {
  tag: Tag;
  application: Application;
}

interface Parties {
  sender: Party;
  receiver: Party;
}

/**
 * Whom the two tags mean (U8): a bare sender is looked for among the caller's own, a bare receiver everywhere, where it
 * must be the only one. Nobody can pay a tag that is switched off, or an application that cannot answer.
 */
async function resolveParties(
  deps: Deps,
  { applicationId, senderTag, receiverTag }: Input<"initiate-transfer">,
): Promise<Result<Parties>> {
  const [from, to] = [readTagAddress(senderTag), readTagAddress(receiverTag)];
  if (!from || !to) return refuse("tag_unknown");
  const [[sender], receivers] = await deps.db.batch([
    selectSender(deps, applicationId, from),
    selectTagsAt(deps.db, to),
  ]);
  const [receiver] = receivers;
  if (sender && sender.application.id !== applicationId) return refuse("tag_foreign");
  if (!sender?.tag.active) return refuse("tag_unknown", "senderTag");
  if (receivers.length > 1) return refuse("tag_ambiguous", "receiverTag");
  if (!receiver?.tag.active || !receiver.application.active) return refuse("tag_unknown", "receiverTag");
  return success({ sender, receiver });
}

function selectSender(deps: Deps, applicationId: string, { name, appHandle }: TagAddress) {
  return appHandle === undefined
    ? selectTagOf(deps.db, applicationId, name)
    : selectTagsAt(deps.db, { name, appHandle });
}

function newTransfer(deps: Deps, input: Input<"initiate-transfer">, { sender, receiver }: Parties): Transfer {
  const nowMs = deps.nowMs();
  const id = deps.newId(homeOf(sender.application.id));
  const { senderTag, receiverTag, amount, currency, narration, callbackUrl } = input;
  return {
    reference: referenceOf(id),
    id,
    state: "AWAITING_ACCEPTANCE",
    senderAppId: sender.application.id,
    receiverAppId: receiver.application.id,
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
    createdAt: nowMs,
    updatedAt: nowMs,
  };
}
