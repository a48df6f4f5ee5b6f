import { ofConnectedAccount, ofOrder, ofPayoutAccount, ofTestimony } from "../lock-keys";
import { operation } from "../operation";
import { endRecovering, markRestored } from "./mark-restored";
import { recoverCheckout } from "./recover-checkout";
import { recoverConnectedAccount } from "./recover-connected-account";
import { recoverLostTime } from "./recover-lost-time";
import { recoverPayment } from "./recover-payment";
import { recoverPayout } from "./recover-payout";
import { recoverPayoutAccount } from "./recover-payout-account";
import { recoverRefunds } from "./recover-refunds";

/** The operations for the time after a restore of the database. */
export const restoreOperations = {
  "mark-restored": operation(markRestored),
  "end-recovery": operation(endRecovering),
  "recover-lost-time": operation(recoverLostTime),
  "recover-payout-account": operation(recoverPayoutAccount, { key: ofPayoutAccount, repeatable: true }),
  "recover-connected-account": operation(recoverConnectedAccount, { key: ofConnectedAccount, repeatable: true }),
  "recover-checkout": operation(recoverCheckout, { key: ofTestimony, repeatable: true }),
  "recover-refunds": operation(recoverRefunds, { key: ofTestimony, repeatable: true }),
  "recover-payout": operation(recoverPayout, { key: ofTestimony, repeatable: true }),
  "recover-payment": operation(recoverPayment, { key: ofOrder, repeatable: true }),
};
