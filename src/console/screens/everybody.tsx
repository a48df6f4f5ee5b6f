import type { ComponentChildren } from "preact";
import { Act, type Action } from "../action";
import { objectPath } from "../address";
import { read } from "../api";
import { columnsOf, type Row } from "../parts/field";
import { wordsOf } from "../parts/icon";
import type { Column } from "../parts/table";
import { recoverEndpoint, resendDelivery, retryCall, retryRecord, settleDay } from "../writes";
import { type Filter, ListScreen, type Page } from "./list";

/** A list of everybody's rows: what is shown of a row, what it can be filtered by, and where it leads. */
interface Everybody {
  title: string;
  path: string;
  columns: readonly string[];
  filters: readonly Filter[];
  hrefOf?: (row: Row) => string;
  /** The actions of an operator about a row. */
  actOn?: (row: Row) => Action | undefined;
  empty: ComponentChildren;
}

const yes = ["true"];
const byId = ({ id }: Row) => objectPath(String(id));

const everybody = {
  testimonies: {
    title: "Testimonies",
    path: "testimonies",
    columns: ["id", "state", "region", "clientId", "expertId", "createdAt"],
    filters: [
      { name: "state", label: "State", values: ["pending", "offered", "accepted", "completed", "cancelled"] },
      { name: "client", label: "Client" },
      { name: "expert", label: "Expert" },
      { name: "attention", label: "Needs attention", values: yes },
    ],
    hrefOf: byId,
    empty: "A client asks for an expert opinion: POST /api/v1/testimonies.",
  },
  payments: {
    title: "Payments",
    path: "payments",
    columns: ["id", "orderId", "state", "amountMinor", "capturedMinor", "refundedMinor", "createdAt"],
    filters: [
      { name: "order_id", label: "Order" },
      { name: "app", label: "App" },
      { name: "developer", label: "Developer" },
      { name: "uncertain", label: "Outcome unknown", values: yes },
    ],
    hrefOf: byId,
    empty: "A developer's shopper pays an order: POST /api/v1/transactions.",
  },
  transfers: {
    title: "Transfers",
    path: "transfers",
    columns: ["reference", "state", "amount", "senderAppId", "receiverAppId", "createdAt", "expiresAt"],
    filters: [
      { name: "sender", label: "Sending application" },
      { name: "receiver", label: "Receiving application" },
      { name: "currency", label: "Currency" },
    ],
    hrefOf: ({ reference }) => objectPath(String(reference)),
    empty: "No transfer waits for an answer. Choose an application to see all that it has sent or received.",
  },
  accounts: {
    title: "Connected accounts",
    path: "accounts",
    columns: ["id", "stripeId", "state", "email", "country", "developerId", "createdAt"],
    filters: [{ name: "developer", label: "Developer" }],
    hrefOf: byId,
    empty: "A developer opens an account: POST /api/v1/connected-accounts.",
  },
  wallets: {
    title: "Wallets",
    path: "wallets",
    columns: ["id", "currency", "balance", "debitLimit", "createdAt"],
    filters: [
      { name: "application", label: "Application" },
      { name: "currency", label: "Currency" },
    ],
    empty: "The application's first transfer makes its wallet.",
  },
  calls: {
    title: "Calls whose outcome is unknown",
    path: "stripe-calls",
    columns: ["aggregateId", "kind", "state", "attempts", "failure", "dueAt"],
    filters: [
      { name: "kind", label: "Kind" },
      { name: "failing", label: "Failing", values: yes },
    ],
    hrefOf: ({ aggregateId }) => objectPath(String(aggregateId)),
    actOn: retryCall,
    empty: "Every call was answered.",
  },
  endpoints: {
    title: "Endpoints of all owners",
    path: "webhook-endpoints",
    columns: ["url", "owner", "enabled", "disabledReason", "failingSince", "createdAt"],
    filters: [
      { name: "owner", label: "Owner" },
      { name: "enabled", label: "Switched on", values: ["true", "false"] },
    ],
    hrefOf: ({ id }) => `/console/webhooks?deliveries.endpoint=${encodeURIComponent(String(id))}`,
    actOn: recoverEndpoint,
    empty: "A developer, an application or the operator adds an endpoint: POST /api/v1/webhook-endpoints.",
  },
  deliveries: {
    title: "Deliveries",
    path: "webhook-deliveries",
    columns: ["eventId", "type", "state", "attempts", "endpointId", "createdAt"],
    filters: [
      { name: "state", label: "State", values: ["pending", "delivered", "failed"] },
      { name: "type", label: "Type" },
      { name: "endpoint", label: "Endpoint" },
      { name: "owner", label: "Owner" },
    ],
    hrefOf: ({ eventId }) => objectPath(String(eventId)),
    actOn: (row) => (row.state === "failed" ? resendDelivery(row) : undefined),
    empty: "Nobody was told of anything yet.",
  },
  records: {
    title: "What applications could not be told",
    path: "transfer-webhooks",
    columns: ["reference", "eventType", "direction", "attempts", "lastError", "createdAt"],
    filters: [{ name: "application", label: "Application" }],
    hrefOf: ({ reference }) => objectPath(String(reference)),
    actOn: retryRecord,
    empty: "Every application was told of its transfers.",
  },
  days: {
    title: "Settlement",
    path: "settlement-days",
    columns: ["day", "currency", "status", "transactionCount", "applicationCount", "errorMessage", "createdAt"],
    filters: [],
    hrefOf: ({ day }) => `/console/settlement/${String(day)}`,
    actOn: ({ day, status, createdAt }) =>
      status === "COMPLETED" ? undefined : settleDay(String(day), `${status}:${createdAt}`),
    empty: "A day is counted once it is over, if there was a transfer in it.",
  },
} as const satisfies Record<string, Everybody>;

interface Props {
  list: keyof typeof everybody;
  inside?: boolean;
  /** The filters of a list that belongs to one thing. */
  of?: Readonly<Record<string, string>>;
}

/** One of the lists of everybody's rows. Several stand on one screen with a prefix of their own in the address. */
export function EverybodyScreen({ list, inside = false, of = {} }: Props) {
  const { title, path, columns, filters, empty, hrefOf, actOn }: Everybody = everybody[list];
  const whole = `/api/v1/admin/${path}`;
  return (
    <ListScreen<Row>
      key={whole}
      title={title}
      path={whole}
      inside={inside}
      prefix={inside ? `${list}.` : ""}
      read={(asked) => read<Page<Row>>(whole, { ...asked, ...of })}
      keyOf={(row) => String(row.id ?? row.reference ?? row.day ?? row.eventId)}
      filters={filters.filter(({ name }) => of[name] === undefined)}
      empty={empty}
      columns={[...columnsOf(columns, hrefOf), ...(actOn ? [doing(actOn)] : [])]}
    />
  );
}

function doing(actOn: (row: Row) => Action | undefined): Column<Row> {
  return {
    title: "Do",
    cell: (row) => {
      const action = actOn(row);
      return action && <Act label={wordsOf(action.operation.split("-")[0] ?? "")} action={action} />;
    },
  };
}
