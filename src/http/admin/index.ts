import type { Route } from "../route";
import { admitApplication } from "./admit-application";
import { checkLedger } from "./check-ledger";
import { listApplications } from "./list-applications";
import { listStripeEvents } from "./list-stripe-events";
import { reconcile } from "./reconcile";
import { refundTestimony } from "./refund-testimony";
import { replayStripeEvent } from "./replay-stripe-event";
import { resolveAttention } from "./resolve-attention";
import { retryPayout } from "./retry-payout";
import { viewAttention } from "./view-attention";
import { viewLedger } from "./view-ledger";
import { viewTimeline } from "./view-timeline";
import { viewTransferTimeline } from "./view-transfer-timeline";

/** The operator API (decisions X8). */
export const adminRoutes: readonly Route[] = [
  viewLedger,
  checkLedger,
  reconcile,
  viewTimeline,
  refundTestimony,
  retryPayout,
  resolveAttention,
  listStripeEvents,
  replayStripeEvent,
  viewAttention,
  listApplications,
  admitApplication,
  viewTransferTimeline,
];
