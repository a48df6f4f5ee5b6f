import { ofPayoutAccount, ofTestimony } from "../lock-keys";
import { operation } from "../operation";
import { acceptOffer } from "./accept-offer";
import { advancePayout } from "./advance-payout";
import { cancelTestimony } from "./cancel-testimony";
import { completeTestimony } from "./complete-testimony";
import { createOffer, recallOffer } from "./create-offer";
import { createTestimony, recallTestimony } from "./create-testimony";
import { deleteUser } from "./delete-user";
import { endTestimony } from "./end-testimony";
import { resetPassword, verifyEmail } from "./mailed-links";
import { requestMail, sendMail } from "./mails";
import { noteExport } from "./note-export";
import { checkPayoutAccount, openPayoutAccount } from "./payout-account";
import { recordDispute } from "./record-dispute";
import { recordRefundAtStripe } from "./record-refund-at-stripe";
import { recordReversal } from "./record-reversal";
import { refundTestimony } from "./refund-testimony";
import { registerClient, registerExpert } from "./register-user";
import { releasePayout } from "./release-payout";
import { resolveAttention } from "./resolve-attention";
import { retryPayout } from "./retry-payout";
import { checkRefund } from "./return-payment";
import { endSession, logIn, logOut, logOutEverywhere, noteSessionUse } from "./sessions";
import { startCheckout } from "./start-checkout";
import { updateProfile } from "./update-profile";
import { withdrawOffer } from "./withdraw-offer";

/** The operations of the offers contract. */
export const offerOperations = {
  "register-client": operation(registerClient),
  "register-expert": operation(registerExpert),
  "log-in": operation(logIn),
  "log-out": operation(logOut),
  "log-out-everywhere": operation(logOutEverywhere),
  "end-session": operation(endSession),
  "note-session-use": operation(noteSessionUse),
  "update-profile": operation(updateProfile),
  "delete-user": operation(deleteUser),
  "note-export": operation(noteExport),
  "reset-password": operation(resetPassword),
  "verify-email": operation(verifyEmail),
  "request-mail": operation(requestMail),
  "send-mail": operation(sendMail),

  "create-testimony": operation(createTestimony, { takesKey: true, recall: recallTestimony }),
  "create-offer": operation(createOffer, { key: ofTestimony, takesKey: true, recall: recallOffer }),
  "withdraw-offer": operation(withdrawOffer, { key: ofTestimony, takesKey: true }),
  "cancel-testimony": operation(cancelTestimony, { key: ofTestimony, takesKey: true }),
  "end-testimony": operation(endTestimony, { key: ofTestimony }),
  "complete-testimony": operation(completeTestimony, { key: ofTestimony, takesKey: true }),
  "start-checkout": operation(startCheckout, { key: ofTestimony, takesKey: true }),
  "accept-offer": operation(acceptOffer, { key: ofTestimony, takesKey: true, repeatable: true }),

  "advance-payout": operation(advancePayout, { key: ofTestimony, repeatable: true }),
  "check-refund": operation(checkRefund, { key: ofTestimony, repeatable: true }),
  "refund-testimony": operation(refundTestimony, { key: ofTestimony }),
  "retry-payout": operation(retryPayout, { key: ofTestimony }),
  "release-payout": operation(releasePayout, { key: ofTestimony }),
  "resolve-attention": operation(resolveAttention, { key: ofTestimony }),
  "record-dispute": operation(recordDispute, { key: ofTestimony, repeatable: true }),
  "record-reversal": operation(recordReversal, { key: ofTestimony, repeatable: true }),
  "record-refund-at-stripe": operation(recordRefundAtStripe, { key: ofTestimony, repeatable: true }),

  "open-payout-account": operation(openPayoutAccount, { key: ({ caller }) => ofPayoutAccount({ userId: caller.id }) }),
  "check-payout-account": operation(checkPayoutAccount, { key: ofPayoutAccount, repeatable: true }),
};
