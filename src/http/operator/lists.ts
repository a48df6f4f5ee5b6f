import * as z from "zod";
import * as lists from "../../db/operator/lists";
import { described } from "../described";
import { listed, listRoute } from "./list-route";

const scanned =
  "Filters other than the first ones are looked for in a thousand rows a page, and `scanned_to` says how far.";

/** The lists of everybody's rows. */
export const listRoutes = [
  listRoute(
    lists.testimonyList,
    "list-all-testimonies",
    "testimonies",
    described(() => listed(lists.testimonyList, "ListedTestimony", "Testimonies of all clients", scanned)),
  ),
  listRoute(
    lists.paymentList,
    "list-all-payments",
    "payments",
    described(() =>
      listed(
        lists.paymentList,
        "ListedPayment",
        "Payments of all developers",
        `\`uncertain\` means that the outcome of a call at Stripe is unknown. ${scanned}`,
      ),
    ),
  ),
  listRoute(
    lists.transferList,
    "list-all-transfers",
    "transfers",
    described(() =>
      listed(
        lists.transferList,
        "ListedTransfer",
        "Transfers of all applications",
        `Those that an application has sent or received; without one, those that wait for an answer, by the end of their window. ${scanned}`,
      ),
    ),
    ({ value: { sender, receiver, state = "AWAITING_ACCEPTANCE" }, issues }) => {
      if (sender !== undefined || receiver !== undefined || state === "AWAITING_ACCEPTANCE") return;
      issues.push({ code: "custom", path: ["state"], message: "needs sender or receiver with it", input: state });
    },
  ),
  listRoute(
    lists.accountList,
    "list-all-accounts",
    "accounts",
    described(() =>
      listed(
        lists.accountList,
        "ListedAccount",
        "Connected accounts of all developers",
        `E-mails are masked. ${scanned}`,
      ),
    ),
  ),
  listRoute(
    lists.walletList,
    "list-all-wallets",
    "wallets",
    described(() => listed(lists.walletList, "ListedWallet", "Wallets of an application")),
  ),
  listRoute(
    lists.callList,
    "list-stripe-calls",
    "stripe-calls",
    described(() =>
      listed(
        lists.callList,
        "StripeCall",
        "Calls to Stripe whose outcome is unknown",
        "By the time at which they are tried again. `failing` means five attempts or more.",
      ),
    ),
  ),
  listRoute(
    lists.endpointList,
    "list-all-webhook-endpoints",
    "webhook-endpoints",
    described(() => listed(lists.endpointList, "ListedEndpoint", "Webhook endpoints of all owners", scanned)),
  ),
  listRoute(
    lists.deliveryList,
    "list-all-webhook-deliveries",
    "webhook-deliveries",
    described(() =>
      listed(
        lists.deliveryList,
        "ListedDelivery",
        "Webhook deliveries of all owners",
        `By their endpoints, and within each the newest first. ${scanned}`,
        { owner: z.string().nullable() },
      ),
    ),
  ),
  listRoute(
    lists.recordList,
    "list-all-transfer-webhooks",
    "transfer-webhooks",
    described(() =>
      listed(
        lists.recordList,
        "ListedRecord",
        "What applications could not be told about their transfers",
        "By their applications, and within each the newest first.",
      ),
    ),
  ),
  listRoute(
    lists.dayList,
    "list-settlement-days",
    "settlement-days",
    described(() =>
      listed(lists.dayList, "SettlementDay", "The settlement batches of all days", "One for a day and a currency."),
    ),
  ),
];
