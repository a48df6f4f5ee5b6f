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
  "register-application": operation(registerApplication, { commits: "atomic" }),
  "update-application": operation(updateApplication, { commits: "atomic" }),
  "rotate-application-key": operation(rotateApplicationKey, { commits: "atomic" }),
  "rotate-application-webhook-secret": operation(rotateApplicationWebhookSecret, { commits: "atomic" }),
  "rotate-application-client-secret": operation(rotateApplicationClientSecret, { commits: "atomic" }),
  "end-application-client-secret": operation(endApplicationClientSecret, { commits: "atomic" }),
  "use-client-secret": operation(useClientSecret),
  "admit-application": operation(admitApplication, { commits: "atomic" }),
  "create-subject": operation(createSubject, { commits: "atomic", recall: recallSubject }),
  "erase-subject": operation(eraseSubject, { commits: "atomic" }),
  "create-tag": operation(createTag, { commits: "atomic" }),
  "update-tag": operation(updateTag, { commits: "atomic" }),
  "provision-wallet": operation(provisionWallet, { commits: "atomic" }),
  "initiate-transfer": operation(initiateTransfer, { commits: "atomic", recall: recallInitiation }),
  "accept-transfer": operation(acceptTransfer, { commits: "atomic", recall: recallTexts }),
  "reject-transfer": operation(rejectTransfer, { commits: "atomic", recall: recallTexts }),
  "cancel-transfer": operation(cancelTransfer, { commits: "atomic", recall: recallTexts }),
  "expire-transfer": operation(expireTransfer),
  "retry-transfer-webhook": operation(retryTransferWebhook),
  "settle-day": operation(settleDay),
};
