import type { OrderKey } from "../db/payments/payments";
import { makeId } from "../domain/id";
import { type Result, refuse } from "../domain/result";
import { bookStripeFees } from "./book-stripe-fees";
import type { Command, CommandName, Input, Output } from "./commands";
import { conflictOf } from "./conflict";
import type { Deps } from "./deps";
import { acceptOffer } from "./offers/accept-offer";
import { advancePayout } from "./offers/advance-payout";
import { cancelTestimony } from "./offers/cancel-testimony";
import { completeTestimony } from "./offers/complete-testimony";
import { createOffer } from "./offers/create-offer";
import { createTestimony } from "./offers/create-testimony";
import { checkPayoutAccount, openPayoutAccount } from "./offers/payout-account";
import { recordDispute } from "./offers/record-dispute";
import { recordRefundAtStripe } from "./offers/record-refund-at-stripe";
import { recordReversal } from "./offers/record-reversal";
import { refundTestimony } from "./offers/refund-testimony";
import { releasePayout } from "./offers/release-payout";
import { resolveAttention } from "./offers/resolve-attention";
import { retryPayout } from "./offers/retry-payout";
import { checkRefund } from "./offers/return-payment";
import { startCheckout } from "./offers/start-checkout";
import { logIn, logOut, registerClient, registerExpert, updateProfile } from "./offers/users";
import { withdrawOffer } from "./offers/withdraw-offer";
import type { Commitment } from "./once";
import { closeAttention } from "./operator/close-attention";
import { openBooks } from "./operator/open-books";
import { publishAttention } from "./operator/publish-attention";
import { reconcile } from "./operator/reconcile";
import { reconcileAccounts } from "./operator/reconcile-accounts";
import { lockOfCall } from "./operator/stripe-calls/call-kinds";
import { settleStripeCall } from "./operator/stripe-calls/settle-stripe-call";
import { cancelOrder } from "./payments/cancel-order";
import { cancelPayment } from "./payments/cancel-payment";
import { capturePayment } from "./payments/capture-payment";
import { checkPayment } from "./payments/check-payment";
import { confirmPayment } from "./payments/confirm-payment";
import { checkConnectedAccount } from "./payments/connected-accounts/check-connected-account";
import { createLoginLink } from "./payments/connected-accounts/create-login-link";
import { createOnboardingLink } from "./payments/connected-accounts/create-onboarding-link";
import { deleteConnectedAccount } from "./payments/connected-accounts/delete-connected-account";
import { openConnectedAccount } from "./payments/connected-accounts/open-connected-account";
import { resumeConnectedAccount } from "./payments/connected-accounts/resume-connected-account";
import { viewConnectedAccount } from "./payments/connected-accounts/view-connected-account";
import { createPayment } from "./payments/create-payment";
import { createApp } from "./payments/developers/create-app";
import { createAppUser } from "./payments/developers/create-app-user";
import { createDeveloper } from "./payments/developers/create-developer";
import { noteTokenUse } from "./payments/developers/note-token-use";
import { revokeDeveloperToken } from "./payments/developers/revoke-developer-token";
import { rotateDeveloperToken } from "./payments/developers/rotate-developer-token";
import { attachPaymentMethod } from "./payments/payment-methods/attach-payment-method";
import { checkCustomer } from "./payments/payment-methods/check-customer";
import { checkPaymentMethod } from "./payments/payment-methods/check-payment-method";
import { preferPaymentMethod } from "./payments/payment-methods/prefer-payment-method";
import { removePaymentMethod } from "./payments/payment-methods/remove-payment-method";
import { resumeShopper } from "./payments/payment-methods/resume-shopper";
import { putOrder } from "./payments/put-order";
import { refundPayment } from "./payments/refund-payment";
import { resumePayment } from "./payments/resume-payment";
import { purge } from "./purge";
import { endRecovering, markRestored } from "./restore/mark-restored";
import { recoverCheckout } from "./restore/recover-checkout";
import { recoverConnectedAccount } from "./restore/recover-connected-account";
import { recoverLostTime } from "./restore/recover-lost-time";
import { recoverPayment } from "./restore/recover-payment";
import { recoverPayout } from "./restore/recover-payout";
import { recoverPayoutAccount } from "./restore/recover-payout-account";
import { recoverRefunds } from "./restore/recover-refunds";
import { resumeEffect } from "./resume-effect";
import { catchUpPlatform } from "./stripe-events/catch-up-platform";
import { closeStripeEvent } from "./stripe-events/close-stripe-event";
import { processStripeEvent } from "./stripe-events/process-stripe-event";
import { recordStripeEvent } from "./stripe-events/record-stripe-event";
import { replayStripeEvent } from "./stripe-events/replay-stripe-event";
import { sweep } from "./sweep";
import { acceptTransfer } from "./transfers/accept-transfer";
import { admitApplication } from "./transfers/admit-application";
import { createSubject } from "./transfers/create-subject";
import { createTag } from "./transfers/create-tag";
import { expireTransfer } from "./transfers/expire-transfer";
import { initiateTransfer } from "./transfers/initiate-transfer";
import { provisionWallet } from "./transfers/provision-wallet";
import { registerApplication } from "./transfers/register-application";
import { rejectTransfer } from "./transfers/reject-transfer";
import { retryTransferWebhook } from "./transfers/retry-transfer-webhook";
import { rotateApplicationKey } from "./transfers/rotate-application-key";
import { rotateApplicationWebhookSecret } from "./transfers/rotate-application-webhook-secret";
import { settleDay } from "./transfers/settle-day";
import { updateApplication } from "./transfers/update-application";
import { eraseWebhookEvent, recoverWebhookDeliveries, resendWebhookDelivery } from "./webhooks/deliveries";
import {
  createWebhookEndpoint,
  deleteWebhookEndpoint,
  rotateWebhookSecret,
  testWebhookEndpoint,
  updateWebhookEndpoint,
} from "./webhooks/endpoints";

/**
 * How a command is performed, and under which lock key: the id at the key's end chooses the sequencer. Without a key
 * there is no lock.
 */
interface Operation<N extends CommandName> {
  run: (deps: Deps, input: Input<N>) => Promise<Result<Output<N>>>;
  key?: (input: Input<N>) => string;
  /**
   * One batch does all its work and stores its answer: that batch inserts the idempotency key, which is not reserved
   * before.
   */
  commits?: "atomic";
  /** It brings something to a target state, so that after an interruption it can be done a second time at once. */
  repeatable?: true;
}

/** Locks are spread over the sequencers by the ids in their keys. The platform uses an id that no row has. */
const platformId = makeId(0, 0, new Uint8Array(9));

const testimony = (input: { testimonyId: string }) => `testimony:${input.testimonyId}`;
const developer = (input: { developerId: string }) => `developer:${input.developerId}`;
const connectedAccount = (input: { id: string }) => `account:${input.id}`;
const shopper = (input: { userId: string }) => `shopper:${input.userId}`;
const order = ({ developerId, appId, orderId }: OrderKey) => `payment:${developerId}:${appId}:${orderId}`;

/** The table of all operations. */
const operations: { [N in CommandName]: Operation<N> } = {
  "register-client": { run: registerClient },
  "register-expert": { run: registerExpert },
  "log-in": { run: logIn },
  "log-out": { run: logOut },
  "update-profile": { run: updateProfile },

  "create-testimony": { run: createTestimony },
  "create-offer": { run: createOffer, key: testimony },
  "withdraw-offer": { run: withdrawOffer, key: testimony },
  "cancel-testimony": { run: cancelTestimony, key: testimony },
  "complete-testimony": { run: completeTestimony, key: testimony },
  "start-checkout": { run: startCheckout, key: testimony },
  "accept-offer": { run: acceptOffer, key: testimony, repeatable: true },

  "advance-payout": { run: advancePayout, key: testimony, repeatable: true },
  "resume-effect": { run: resumeEffect, key: (input) => `${input.root}:${input.aggregateId}`, repeatable: true },
  "settle-stripe-call": { run: settleStripeCall, key: lockOfCall },
  "check-refund": { run: checkRefund, key: testimony, repeatable: true },
  "refund-testimony": { run: refundTestimony, key: testimony },
  "retry-payout": { run: retryPayout, key: testimony },
  "release-payout": { run: releasePayout, key: testimony },
  "close-attention": { run: closeAttention },
  "resolve-attention": { run: resolveAttention, key: testimony },
  "record-dispute": { run: recordDispute, key: testimony, repeatable: true },
  "record-reversal": { run: recordReversal, key: testimony, repeatable: true },
  "record-refund-at-stripe": { run: recordRefundAtStripe, key: testimony, repeatable: true },

  "open-payout-account": { run: openPayoutAccount, key: (input) => `account:${input.caller.id}` },
  "check-payout-account": { run: checkPayoutAccount, key: (input) => `account:${input.userId}`, repeatable: true },

  "create-developer": { run: createDeveloper },
  "rotate-developer-token": { run: rotateDeveloperToken, key: developer },
  "revoke-developer-token": { run: revokeDeveloperToken, key: developer },
  "note-token-use": { run: noteTokenUse },
  "create-app": { run: createApp, key: developer },
  "create-app-user": { run: createAppUser },

  "open-connected-account": { run: openConnectedAccount, key: connectedAccount },
  "create-onboarding-link": { run: createOnboardingLink },
  "create-login-link": { run: createLoginLink },
  "view-connected-account": { run: viewConnectedAccount },
  "check-connected-account": { run: checkConnectedAccount, key: connectedAccount, repeatable: true },
  "resume-connected-account": { run: resumeConnectedAccount, key: connectedAccount, repeatable: true },
  "delete-connected-account": { run: deleteConnectedAccount, key: connectedAccount },

  "put-order": { run: putOrder, key: order },
  "cancel-order": { run: cancelOrder, key: order },
  "create-payment": { run: createPayment, key: order },
  "confirm-payment": { run: confirmPayment, key: order },
  "capture-payment": { run: capturePayment, key: order },
  "cancel-payment": { run: cancelPayment, key: order },
  "refund-payment": { run: refundPayment, key: order },
  "resume-payment": { run: resumePayment, key: order, repeatable: true },
  "check-payment": { run: checkPayment, key: order, repeatable: true },

  "attach-payment-method": { run: attachPaymentMethod, key: shopper },
  "prefer-payment-method": { run: preferPaymentMethod, key: shopper },
  "remove-payment-method": { run: removePaymentMethod, key: shopper },
  "resume-shopper": { run: resumeShopper, key: shopper, repeatable: true },
  "check-customer": { run: checkCustomer, key: shopper, repeatable: true },
  "check-payment-method": { run: checkPaymentMethod, key: shopper, repeatable: true },

  "register-application": { run: registerApplication, commits: "atomic" },
  "update-application": { run: updateApplication, commits: "atomic" },
  "rotate-application-key": { run: rotateApplicationKey, commits: "atomic" },
  "rotate-application-webhook-secret": { run: rotateApplicationWebhookSecret, commits: "atomic" },
  "admit-application": { run: admitApplication, commits: "atomic" },
  "create-subject": { run: createSubject, commits: "atomic" },
  "create-tag": { run: createTag, commits: "atomic" },
  "provision-wallet": { run: provisionWallet, commits: "atomic" },
  "initiate-transfer": { run: initiateTransfer, commits: "atomic" },
  "accept-transfer": { run: acceptTransfer, commits: "atomic" },
  "reject-transfer": { run: rejectTransfer, commits: "atomic" },
  "expire-transfer": { run: expireTransfer },
  "retry-transfer-webhook": { run: retryTransferWebhook },
  "settle-day": { run: settleDay },

  "create-webhook-endpoint": { run: createWebhookEndpoint },
  "update-webhook-endpoint": { run: updateWebhookEndpoint },
  "delete-webhook-endpoint": { run: deleteWebhookEndpoint },
  "rotate-webhook-secret": { run: rotateWebhookSecret },
  "test-webhook-endpoint": { run: testWebhookEndpoint },
  "resend-webhook-delivery": { run: resendWebhookDelivery },
  "recover-webhook-deliveries": { run: recoverWebhookDeliveries },
  "erase-webhook-event": { run: eraseWebhookEvent },

  "mark-restored": { run: markRestored },
  "end-recovery": { run: endRecovering },
  "recover-lost-time": { run: recoverLostTime },
  "recover-payout-account": { run: recoverPayoutAccount, key: (input) => `account:${input.userId}`, repeatable: true },
  "recover-connected-account": { run: recoverConnectedAccount, key: connectedAccount, repeatable: true },
  "recover-checkout": { run: recoverCheckout, key: testimony, repeatable: true },
  "recover-refunds": { run: recoverRefunds, key: testimony, repeatable: true },
  "recover-payout": { run: recoverPayout, key: testimony, repeatable: true },
  "recover-payment": { run: recoverPayment, key: order, repeatable: true },

  "record-stripe-event": { run: recordStripeEvent },
  "process-stripe-event": { run: processStripeEvent },
  "close-stripe-event": { run: closeStripeEvent },
  "replay-stripe-event": { run: replayStripeEvent },
  "book-stripe-fees": { run: bookStripeFees },
  "open-books": { run: openBooks },
  reconcile: { run: reconcile },
  "reconcile-accounts": { run: reconcileAccounts },
  "catch-up-platform": { run: catchUpPlatform, key: () => `platform:${platformId}` }, // one at a time: two would read the same
  sweep: { run: sweep },
  "publish-attention": { run: publishAttention },
  purge: { run: purge },
};

/** Returns how a command commits, which decides how its idempotency key is held. */
export function commitment<N extends CommandName>({ name }: Command<N>): Commitment {
  return operations[name].commits ?? "multi_step";
}

/** The most attempts of a command that lost a race: each decides again on the new state. */
const attemptsMax = 5;

/**
 * Tells whether a command that was cut off may be performed once more at once, because doing it again changes nothing.
 */
export function isRepeatable<N extends CommandName>({ name }: Command<N>): boolean {
  return operations[name].repeatable ?? false;
}

/** Returns the lock key under which a command must be performed; undefined if it needs no lock. */
export function lockKey<N extends CommandName>(command: Command<N>): string | undefined {
  const operation = operations[command.name] as unknown as Operation<N>;
  return operation.key?.(command.input as Input<N>);
}

/**
 * Performs a command here. The caller holds its lock key, if it has one. A lost race is repeated; `busy` is refused
 * after the last attempt.
 */
export async function run<N extends CommandName>(given: Deps, command: Command<N>): Promise<Result<Output<N>>> {
  const operation = operations[command.name] as unknown as Operation<N>;
  const deps: Deps = { ...given, runId: given.newId() };
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await operation.run(deps, command.input as Input<N>);
    } catch (error) {
      const conflict = conflictOf(error);
      if (!conflict) throw error;
      // Another request has taken over our reservation of the idempotency key, and answers it.
      if (conflict.constraint.startsWith("idempotency_keys")) return refuse("idempotency_key_running");
      if (attempt < attemptsMax) continue;
      // Without a lock, or beside a replaced object, this many other writers may really have been faster.
      if (/^(journal|stripe_effects)\./.test(conflict.constraint)) return refuse("busy");
      throw error;
    }
  }
}
