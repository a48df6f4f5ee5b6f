import { ofConnectedAccount, ofDeveloper, ofOrder, ofShopper } from "../lock-keys";
import { operation } from "../operation";
import { cancelOrder } from "./cancel-order";
import { cancelPayment } from "./cancel-payment";
import { capturePayment } from "./capture-payment";
import { checkPayment } from "./check-payment";
import { confirmPayment } from "./confirm-payment";
import { createLoginLink, createOnboardingLink } from "./connected-accounts/account-links";
import { viewConnectedAccount } from "./connected-accounts/account-state";
import { checkConnectedAccount } from "./connected-accounts/check-connected-account";
import { deleteConnectedAccount } from "./connected-accounts/delete-connected-account";
import { openConnectedAccount } from "./connected-accounts/open-connected-account";
import { createPayment } from "./create-payment";
import { createApp, createAppUser } from "./developers/apps-and-users";
import { createDeveloper } from "./developers/create-developer";
import { noteTokenUse, revokeDeveloperToken, rotateDeveloperToken } from "./developers/developer-tokens";
import { viewDeveloper } from "./developers/view-developer";
import { attachPaymentMethod } from "./payment-methods/attach-payment-method";
import { checkCustomer, checkPaymentMethod } from "./payment-methods/check-methods";
import { preferPaymentMethod } from "./payment-methods/prefer-payment-method";
import { removePaymentMethod } from "./payment-methods/remove-payment-method";
import { putOrder } from "./put-order";
import { dropDetails, recallDetails } from "./recall-details";
import { refundPayment } from "./refund-payment";

/** The operations of the payments contract. */
export const paymentOperations = {
  "create-developer": operation(createDeveloper),
  "view-developer": operation(viewDeveloper),
  "rotate-developer-token": operation(rotateDeveloperToken, { key: ofDeveloper }),
  "revoke-developer-token": operation(revokeDeveloperToken, { key: ofDeveloper }),
  "note-token-use": operation(noteTokenUse),
  "create-app": operation(createApp, { key: ofDeveloper }),
  "create-app-user": operation(createAppUser),

  "open-connected-account": operation(openConnectedAccount, { key: ofConnectedAccount }),
  "create-onboarding-link": operation(createOnboardingLink),
  "create-login-link": operation(createLoginLink),
  "view-connected-account": operation(viewConnectedAccount),
  "check-connected-account": operation(checkConnectedAccount, { key: ofConnectedAccount, repeatable: true }),
  "delete-connected-account": operation(deleteConnectedAccount, { key: ofConnectedAccount }),

  "put-order": operation(putOrder, { key: ofOrder }),
  "cancel-order": operation(cancelOrder, { key: ofOrder, takesKey: true }),
  "create-payment": operation(createPayment, { key: ofOrder, takesKey: true, recall: dropDetails() }),
  "confirm-payment": operation(confirmPayment, { key: ofOrder, takesKey: true, recall: recallDetails }),
  "capture-payment": operation(capturePayment, { key: ofOrder, takesKey: true, recall: recallDetails }),
  "cancel-payment": operation(cancelPayment, { key: ofOrder, takesKey: true, recall: recallDetails }),
  "refund-payment": operation(refundPayment, { key: ofOrder, takesKey: true, recall: dropDetails() }),
  "check-payment": operation(checkPayment, { key: ofOrder, repeatable: true }),

  "attach-payment-method": operation(attachPaymentMethod, { key: ofShopper, takesKey: true }),
  "prefer-payment-method": operation(preferPaymentMethod, { key: ofShopper }),
  "remove-payment-method": operation(removePaymentMethod, { key: ofShopper }),
  "check-customer": operation(checkCustomer, { key: ofShopper, repeatable: true }),
  "check-payment-method": operation(checkPaymentMethod, { key: ofShopper, repeatable: true }),
};
