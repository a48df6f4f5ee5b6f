import type { Route } from "../route";
import { admitApplication } from "./admit-application";
import { beginOperatorSession } from "./begin-operator-session";
import { checkLedger } from "./check-ledger";
import { closeAttention } from "./close-attention";
import { closeStripeEvent } from "./close-stripe-event";
import { createDeveloper } from "./create-developer";
import { deleteUser } from "./delete-user";
import { detailRoutes } from "./details";
import { endOperatorSession } from "./end-operator-session";
import { endRecovery } from "./end-recovery";
import { endUserSessions } from "./end-user-sessions";
import { giveBackRoutes } from "./give-back";
import { listApplications } from "./list-applications";
import { listDevelopers } from "./list-developers";
import { listStripeEvents } from "./list-stripe-events";
import { listUsers } from "./list-users";
import { listRoutes } from "./lists";
import { markRestored } from "./mark-restored";
import { openBooks } from "./open-books";
import { reconcile } from "./reconcile";
import { reconcileAccounts } from "./reconcile-accounts";
import { recoverLostTime } from "./recover-lost-time";
import { replayStripeEvent } from "./replay-stripe-event";
import { resolveAttention } from "./resolve-attention";
import { restoreUser } from "./restore-user";
import { retryPayout } from "./retry-payout";
import { revokeDeveloperToken } from "./revoke-developer-token";
import { rotateDeveloperToken } from "./rotate-developer-token";
import { search } from "./search";
import { settleStripeCall } from "./settle-stripe-call";
import { suspendUser } from "./suspend-user";
import { viewAccountBalances } from "./view-account-balances";
import { viewAttention } from "./view-attention";
import { viewDeveloper } from "./view-developer";
import { viewLedger } from "./view-ledger";
import { viewOperatorSession } from "./view-operator-session";
import { viewPaymentTimeline } from "./view-payment-timeline";
import { viewPulse } from "./view-pulse";
import { viewRestore } from "./view-restore";
import { viewSystem } from "./view-system";
import { viewTestimonyTimeline } from "./view-testimony-timeline";
import { viewTimeline } from "./view-timeline";
import { viewTransferTimeline } from "./view-transfer-timeline";
import { viewUser } from "./view-user";
import { writeAgainRoutes } from "./write-again";

/** All routes of the operator API (src/guides/decisions.md#operator-tokens). */
export const adminRoutes: readonly Route[] = [
  beginOperatorSession,
  viewOperatorSession,
  endOperatorSession,
  viewLedger,
  viewAccountBalances,
  checkLedger,
  openBooks,
  reconcile,
  reconcileAccounts,
  viewPulse,
  viewSystem,
  search,
  ...listRoutes,
  ...detailRoutes,
  viewTestimonyTimeline,
  viewPaymentTimeline,
  ...giveBackRoutes,
  ...writeAgainRoutes,
  retryPayout,
  resolveAttention,
  closeAttention,
  settleStripeCall,
  listStripeEvents,
  replayStripeEvent,
  closeStripeEvent,
  viewAttention,
  createDeveloper,
  listDevelopers,
  viewDeveloper,
  rotateDeveloperToken,
  revokeDeveloperToken,
  listUsers,
  viewUser,
  suspendUser,
  restoreUser,
  endUserSessions,
  deleteUser,
  listApplications,
  admitApplication,
  viewTransferTimeline,
  viewTimeline,
  viewRestore,
  markRestored,
  recoverLostTime,
  endRecovery,
];
