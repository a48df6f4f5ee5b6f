import type { Route } from "../route";
import { acceptOffer } from "./accept-offer";
import { cancelTestimony } from "./cancel-testimony";
import { completeTestimony } from "./complete-testimony";
import { createOffer } from "./create-offer";
import { createTestimony } from "./create-testimony";
import { deleteProfile } from "./delete-profile";
import { endSession } from "./end-session";
import { explainTestimony } from "./explain-testimony";
import { exportProfile } from "./export-profile";
import { listNotifications } from "./list-notifications";
import { listOfferableTestimonies } from "./list-offerable-testimonies";
import { listOffers } from "./list-offers";
import { listOwnOffers } from "./list-own-offers";
import { listSessions } from "./list-sessions";
import { listTestimonies } from "./list-testimonies";
import { logIn } from "./log-in";
import { logOut } from "./log-out";
import { logOutEverywhere } from "./log-out-everywhere";
import { openPayoutAccount } from "./open-payout-account";
import { registerClient } from "./register-client";
import { registerExpert } from "./register-expert";
import { requestPasswordReset } from "./request-password-reset";
import { resendVerification } from "./resend-verification";
import { resetPassword } from "./reset-password";
import { startCheckout } from "./start-checkout";
import { updateProfile } from "./update-profile";
import { verifyEmail } from "./verify-email";
import { viewCheckoutSession } from "./view-checkout-session";
import { viewPayoutAccount } from "./view-payout-account";
import { viewProfile } from "./view-profile";
import { viewTestimony } from "./view-testimony";
import { withdrawOffer } from "./withdraw-offer";

/** The routes of the offers contract. A literal path comes before a pattern that also matches it. */
export const offersRoutes: readonly Route[] = [
  registerClient,
  registerExpert,
  logIn,
  logOut,
  logOutEverywhere,
  requestPasswordReset,
  resetPassword,
  resendVerification,
  verifyEmail,
  viewProfile,
  updateProfile,
  deleteProfile,
  exportProfile,
  listSessions,
  endSession,
  viewPayoutAccount,
  openPayoutAccount,
  listNotifications,
  listOwnOffers,
  createTestimony,
  listTestimonies,
  listOfferableTestimonies,
  viewTestimony,
  explainTestimony,
  cancelTestimony,
  completeTestimony,
  listOffers,
  createOffer,
  withdrawOffer,
  startCheckout,
  acceptOffer,
  viewCheckoutSession,
];
