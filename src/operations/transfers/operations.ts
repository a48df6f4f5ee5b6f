import { operation } from "../operation";
import { acceptTransfer } from "./accept-transfer";
import { admitApplication } from "./admit-application";
import { cancelTransfer } from "./cancel-transfer";
import { createSubject, recallSubject } from "./create-subject";
import { createTag } from "./create-tag";
import { endApplicationClientSecret } from "./end-application-client-secret";
import { eraseSubject } from "./erase-subject";
import { expireTransfer } from "./expire-transfer";
import { initiateTransfer, recallInitiation } from "./initiate-transfer";
import { provisionWallet } from "./provision-wallet";
import { recallTexts } from "./recall-texts";
import { registerApplication } from "./register-application";
import { rejectTransfer } from "./reject-transfer";
import { retryTransferWebhook } from "./retry-transfer-webhook";
import { rotateApplicationKey } from "./rotate-application-key";
import { rotateApplicationClientSecret, rotateApplicationWebhookSecret } from "./rotate-application-secret";
import { settleDay } from "./settle-day";
import { updateApplication } from "./update-application";
import { updateTag } from "./update-tag";
import { useClientSecret } from "./use-client-secret";

/** The operations of the transfers contract. */
export const transferOperations = {
  "register-application": operation(registerApplication, { takesKey: true }),
  "update-application": operation(updateApplication, { takesKey: true }),
  "rotate-application-key": operation(rotateApplicationKey, { takesKey: true }),
  "rotate-application-webhook-secret": operation(rotateApplicationWebhookSecret, { takesKey: true }),
  "rotate-application-client-secret": operation(rotateApplicationClientSecret, { takesKey: true }),
  "end-application-client-secret": operation(endApplicationClientSecret, { takesKey: true }),
  "use-client-secret": operation(useClientSecret),
  "admit-application": operation(admitApplication, { takesKey: true }),
  "create-subject": operation(createSubject, { takesKey: true, recall: recallSubject }),
  "erase-subject": operation(eraseSubject, { takesKey: true }),
  "create-tag": operation(createTag, { takesKey: true }),
  "update-tag": operation(updateTag, { takesKey: true }),
  "provision-wallet": operation(provisionWallet, { takesKey: true }),
  "initiate-transfer": operation(initiateTransfer, { takesKey: true, recall: recallInitiation }),
  "accept-transfer": operation(acceptTransfer, { takesKey: true, recall: recallTexts }),
  "reject-transfer": operation(rejectTransfer, { takesKey: true, recall: recallTexts }),
  "cancel-transfer": operation(cancelTransfer, { takesKey: true, recall: recallTexts }),
  "expire-transfer": operation(expireTransfer),
  "retry-transfer-webhook": operation(retryTransferWebhook),
  "settle-day": operation(settleDay),
};
