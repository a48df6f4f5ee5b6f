import type { Route } from "../route";
import { acceptTransfer } from "./accept-transfer";
import { cancelTransfer } from "./cancel-transfer";
import { createSubject } from "./create-subject";
import { createTag } from "./create-tag";
import { endApplicationClientSecret } from "./end-application-client-secret";
import { eraseSubject } from "./erase-subject";
import { explainTransfer } from "./explain-transfer";
import { initiateTransfer } from "./initiate-transfer";
import { issueToken } from "./issue-token";
import { listFailedTransferWebhooks } from "./list-failed-transfer-webhooks";
import { listSettlements } from "./list-settlements";
import { listSubjects } from "./list-subjects";
import { listTags } from "./list-tags";
import { listTransferWebhooks } from "./list-transfer-webhooks";
import { listPendingTransfers, listReceivedTransfers, listSentTransfers } from "./list-transfers";
import { listWalletEntries } from "./list-wallet-entries";
import { listWallets } from "./list-wallets";
import { provisionWallet } from "./provision-wallet";
import { registerApplication } from "./register-application";
import { rejectTransfer } from "./reject-transfer";
import { resolveTag } from "./resolve-tag";
import { retryTransferWebhook } from "./retry-transfer-webhook";
import { rotateApplicationClientSecret } from "./rotate-application-client-secret";
import { rotateApplicationKey } from "./rotate-application-key";
import { rotateApplicationWebhookSecret } from "./rotate-application-webhook-secret";
import { settleDay } from "./settle-day";
import { updateApplication } from "./update-application";
import { updateTag } from "./update-tag";
import { viewApplication } from "./view-application";
import { viewEncryptionKey } from "./view-encryption-key";
import { viewSettlement } from "./view-settlement";
import { viewSettlementOfDay } from "./view-settlement-of-day";
import { viewSubject } from "./view-subject";
import { viewTransfer } from "./view-transfer";
import { viewReceiverWebhook, viewSenderWebhook } from "./view-transfer-webhook";
import { viewWallet } from "./view-wallet";

/** The routes of the transfers contract. A literal path comes before a pattern that also matches it. */
export const transfersRoutes: readonly Route[] = [
  registerApplication,
  issueToken,
  viewApplication,
  updateApplication,
  rotateApplicationKey,
  rotateApplicationWebhookSecret,
  rotateApplicationClientSecret,
  endApplicationClientSecret,
  viewEncryptionKey,

  createSubject,
  listSubjects,
  viewSubject,
  eraseSubject,
  createTag,
  listTags,
  updateTag,
  resolveTag,

  viewWallet,
  provisionWallet,
  listWallets,
  listWalletEntries,

  initiateTransfer,
  listSentTransfers,
  listReceivedTransfers,
  listPendingTransfers,
  viewTransfer,
  explainTransfer,
  acceptTransfer,
  rejectTransfer,
  cancelTransfer,
  listTransferWebhooks,
  viewReceiverWebhook,
  viewSenderWebhook,
  listFailedTransferWebhooks,
  retryTransferWebhook,

  listSettlements,
  viewSettlementOfDay,
  viewSettlement,
  settleDay,
];
