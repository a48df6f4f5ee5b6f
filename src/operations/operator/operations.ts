import { operation } from "../operation";
import { lockOfCall } from "../resume-call";
import { closeAttention } from "./close-attention";
import { openBooks } from "./open-books";
import { publishAttention } from "./publish-attention";
import { reconcile } from "./reconcile";
import { reconcileAccounts } from "./reconcile-accounts";
import { retryStripeCall } from "./stripe-calls/retry-stripe-call";
import { settleStripeCall } from "./stripe-calls/settle-stripe-call";
import { endUserSessions, restoreUser, suspendUser, viewUser } from "./user-access";

/** The operations that concern the platform as a whole. */
export const operatorOperations = {
  "settle-stripe-call": operation(settleStripeCall, { key: lockOfCall }),
  "retry-stripe-call": operation(retryStripeCall, { key: lockOfCall }),
  "close-attention": operation(closeAttention),
  "open-books": operation(openBooks),
  "view-user": operation(viewUser),
  "suspend-user": operation(suspendUser),
  "restore-user": operation(restoreUser),
  "end-user-sessions": operation(endUserSessions),
  reconcile: operation(reconcile),
  "reconcile-accounts": operation(reconcileAccounts),
  "publish-attention": operation(publishAttention),
};
