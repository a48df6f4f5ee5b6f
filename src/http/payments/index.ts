import type { Route } from "../route";
import { attachPaymentMethod } from "./attach-payment-method";
import { cancelOrder } from "./cancel-order";
import { cancelPayment } from "./cancel-payment";
import { capturePayment } from "./capture-payment";
import { confirmPayment } from "./confirm-payment";
import { createApp } from "./create-app";
import { createAppUser } from "./create-app-user";
import { createLoginLink } from "./create-login-link";
import { createOnboardingLink } from "./create-onboarding-link";
import { createPayment } from "./create-payment";
import { createToken } from "./create-token";
import { deleteConnectedAccount } from "./delete-connected-account";
import { explainPayment } from "./explain-payment";
import { explainPaymentRefund } from "./explain-payment-refund";
import { listApps } from "./list-apps";
import { listConnectedAccounts } from "./list-connected-accounts";
import { listPaymentDisputes } from "./list-payment-disputes";
import { listPaymentMethods } from "./list-payment-methods";
import { listPaymentRefunds } from "./list-payment-refunds";
import { listPayments } from "./list-payments";
import { listTokens } from "./list-tokens";
import { openConnectedAccount } from "./open-connected-account";
import { preferPaymentMethod } from "./prefer-payment-method";
import { putOrder } from "./put-order";
import { refundPayment } from "./refund-payment";
import { removePaymentMethod } from "./remove-payment-method";
import { revokeToken } from "./revoke-token";
import { viewConnectedAccount } from "./view-connected-account";
import { viewOrder } from "./view-order";
import { viewPayment } from "./view-payment";
import { viewPaymentDispute } from "./view-payment-dispute";
import { viewPaymentMethod } from "./view-payment-method";
import { viewPaymentRefund } from "./view-payment-refund";

/** The routes of the payments contract. A literal path comes before a pattern that also matches it. */
export const paymentsRoutes: readonly Route[] = [
  createApp,
  listApps,
  createAppUser,
  listTokens,
  createToken,
  revokeToken,

  openConnectedAccount,
  createOnboardingLink,
  createLoginLink,
  listConnectedAccounts,
  viewConnectedAccount,
  deleteConnectedAccount,

  putOrder,
  viewOrder,
  cancelOrder,
  createPayment,
  confirmPayment,
  capturePayment,
  cancelPayment,
  listPayments,
  viewPayment,
  explainPayment,
  refundPayment,
  listPaymentRefunds,
  viewPaymentRefund,
  explainPaymentRefund,
  listPaymentDisputes,
  viewPaymentDispute,

  attachPaymentMethod,
  listPaymentMethods,
  viewPaymentMethod,
  preferPaymentMethod,
  removePaymentMethod,
];
