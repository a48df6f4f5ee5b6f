import type { Includable } from "../core/expand";
import { createAccountLink, createLoginLink } from "./account-links";
import {
  createAccount,
  deleteAccount,
  listAccounts,
  retrieveAccount,
  retrieveOwnAccount,
  updateAccount,
} from "./accounts";
import {
  createFeeRefund,
  listApplicationFees,
  listFeeRefunds,
  retrieveApplicationFee,
  retrieveFeeRefund,
} from "./application-fees";
import { retrieveBalance } from "./balance";
import { listBalanceTransactions, retrieveBalanceTransaction } from "./balance-transactions";
import type { Handler } from "./call";
import { cancelPaymentIntent } from "./cancel-payment-intent";
import { capturePaymentIntent } from "./capture-payment-intent";
import { listCharges, retrieveCharge, updateCharge } from "./charges";
import { confirmPaymentIntent } from "./confirm-payment-intent";
import { createPaymentIntent } from "./create-payment-intent";
import { createCustomer, listCustomers, listCustomersMethods, retrieveCustomer, updateCustomer } from "./customers";
import { acceptDispute, listDisputes, retrieveDispute, updateDispute } from "./dispute-routes";
import { listEvents, retrieveEvent } from "./events";
import { listPaymentIntents, retrievePaymentIntent, updatePaymentIntent } from "./payment-intents";
import {
  attachPaymentMethod,
  createPaymentMethod,
  createToken,
  detachPaymentMethod,
  listPaymentMethods,
  retrievePaymentMethod,
  updatePaymentMethod,
} from "./payment-methods";
import { createPayout, listPayouts, retrievePayout } from "./payouts";
import { listWebhookEndpoints, retrieveBalanceSettings } from "./platform-settings";
import { createRefund, includedRefunds, listRefunds, retrieveRefund, updateRefund } from "./refunds";
import { createReversal, listReversals, retrieveReversal } from "./reversals";
import {
  createSession,
  expireSession,
  includedLineItems,
  listLineItems,
  listSessions,
  retrieveSession,
  updateSession,
} from "./sessions";
import { confirmSetupIntent, createSetupIntent, retrieveSetupIntent } from "./setup-intents";
import { createTransfer, listTransfers, retrieveTransfer, updateTransfer } from "./transfers";

/** All routes of Stripe's API that the sandbox has. */
export const ROUTES: Readonly<Record<string, Handler>> = {
  "POST /v1/checkout/sessions": createSession,
  "GET /v1/checkout/sessions": listSessions,
  "GET /v1/checkout/sessions/*": retrieveSession,
  "POST /v1/checkout/sessions/*": updateSession,
  "POST /v1/checkout/sessions/*/expire": expireSession,
  "GET /v1/checkout/sessions/*/line_items": listLineItems,

  "POST /v1/customers": createCustomer,
  "GET /v1/customers": listCustomers,
  "GET /v1/customers/*": retrieveCustomer,
  "POST /v1/customers/*": updateCustomer,
  "GET /v1/customers/*/payment_methods": listCustomersMethods,

  "POST /v1/payment_methods": createPaymentMethod,
  "GET /v1/payment_methods": listPaymentMethods,
  "GET /v1/payment_methods/*": retrievePaymentMethod,
  "POST /v1/payment_methods/*": updatePaymentMethod,
  "POST /v1/payment_methods/*/attach": attachPaymentMethod,
  "POST /v1/payment_methods/*/detach": detachPaymentMethod,
  "POST /v1/tokens": createToken,

  "POST /v1/setup_intents": createSetupIntent,
  "GET /v1/setup_intents/*": retrieveSetupIntent,
  "POST /v1/setup_intents/*/confirm": confirmSetupIntent,

  "POST /v1/payment_intents": createPaymentIntent,
  "GET /v1/payment_intents": listPaymentIntents,
  "GET /v1/payment_intents/*": retrievePaymentIntent,
  "POST /v1/payment_intents/*": updatePaymentIntent,
  "POST /v1/payment_intents/*/confirm": confirmPaymentIntent,
  "POST /v1/payment_intents/*/capture": capturePaymentIntent,
  "POST /v1/payment_intents/*/cancel": cancelPaymentIntent,

  "GET /v1/charges": listCharges,
  "GET /v1/charges/*": retrieveCharge,
  "POST /v1/charges/*": updateCharge,

  "GET /v1/application_fees": listApplicationFees,
  "GET /v1/application_fees/*": retrieveApplicationFee,
  "POST /v1/application_fees/*/refunds": createFeeRefund,
  "GET /v1/application_fees/*/refunds": listFeeRefunds,
  "GET /v1/application_fees/*/refunds/*": retrieveFeeRefund,

  "POST /v1/refunds": createRefund,
  "GET /v1/refunds": listRefunds,
  "GET /v1/refunds/*": retrieveRefund,
  "POST /v1/refunds/*": updateRefund,

  "POST /v1/transfers": createTransfer,
  "GET /v1/transfers": listTransfers,
  "GET /v1/transfers/*": retrieveTransfer,
  "POST /v1/transfers/*": updateTransfer,
  "POST /v1/transfers/*/reversals": createReversal,
  "GET /v1/transfers/*/reversals": listReversals,
  "GET /v1/transfers/*/reversals/*": retrieveReversal,

  "GET /v1/account": retrieveOwnAccount,
  "POST /v1/accounts": createAccount,
  "GET /v1/accounts": listAccounts,
  "GET /v1/accounts/*": retrieveAccount,
  "POST /v1/accounts/*": updateAccount,
  "DELETE /v1/accounts/*": deleteAccount,
  "POST /v1/accounts/*/login_links": createLoginLink,
  "POST /v1/account_links": createAccountLink,

  "GET /v1/balance": retrieveBalance,
  "GET /v1/balance_settings": retrieveBalanceSettings,
  "GET /v1/webhook_endpoints": listWebhookEndpoints,
  "GET /v1/balance_transactions": listBalanceTransactions,
  "GET /v1/balance_transactions/*": retrieveBalanceTransaction,
  "POST /v1/payouts": createPayout,
  "GET /v1/payouts": listPayouts,
  "GET /v1/payouts/*": retrievePayout,

  "GET /v1/disputes": listDisputes,
  "GET /v1/disputes/*": retrieveDispute,
  "POST /v1/disputes/*": updateDispute,
  "POST /v1/disputes/*/close": acceptDispute,

  "GET /v1/events": listEvents,
  "GET /v1/events/*": retrieveEvent,
};

/** Lists that an object contains only if the caller expands them. */
export const INCLUDABLE: Includable = {
  "checkout.session.line_items": includedLineItems,
  "charge.refunds": includedRefunds,
};
