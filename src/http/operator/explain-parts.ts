import type { Row } from "../../db/operator/page-of-list";
import {
  type Explained,
  explainCall,
  explainPayment,
  explainPayout,
  explainRow,
  explainTestimony,
  explainTransfer,
} from "../../domain/explained-rows";
import { toExplanations } from "../explanation-object";

/** The rows of a detail, by their parts. They are typed by the tables that they were read from. */
// biome-ignore lint/suspicious/noExplicitAny: what a part is read from decides its type
type Parts = Record<string, any[]>;

const rowsOf = (kind: Parameters<typeof explainRow>[0], rows: Row[] = [], more: object = {}) =>
  rows.flatMap((row) => explainRow(kind, { id: row.stripeId, ...row, ...more } as never));

/** The explanations of everything in a detail that has not ended, by the first of its parts. */
const explainers: Record<string, (parts: Parts) => Explained[]> = {
  testimony: ({ testimony = [], offers = [], checkouts = [], payouts = [], calls = [], ...parts }) => [
    ...testimony.flatMap((row) => explainTestimony(row, offers)),
    ...checkouts.flatMap((row) => explainRow("checkout", row, { testimonyId: row.testimonyId, offerId: row.offerId })),
    ...payouts.flatMap(explainPayout),
    ...rowsOf("refund", parts.refunds),
    ...rowsOf("dispute", parts.disputes),
    ...(parts.payoutAccounts ?? []).flatMap((row) => explainRow("payout_account", { ...row, id: row.userId })),
    ...calls.flatMap(explainCall),
  ],
  payment: ({ payment = [], calls = [], ...parts }) => [
    ...payment.flatMap((row) => explainPayment(row, calls)),
    ...rowsOf("payment_refund", parts.refunds),
    ...(parts.disputes ?? []).flatMap((row) =>
      explainRow("payment_dispute", { ...row, id: row.stripeId, dueAt: row.dueBy }),
    ),
    ...calls.flatMap(explainCall),
  ],
  transfer: ({ transfer = [], webhooks }) => [
    ...transfer.flatMap((row) => explainTransfer(row, "receiver")),
    ...rowsOf("transfer_webhook", webhooks),
  ],
  event: ({ event = [] }) => event.flatMap((row) => explainRow("stripe_event", { ...row, createdAt: row.receivedAt })),
  delivery: ({ delivery = [] }) =>
    delivery.flatMap((row) => explainRow("delivery", { ...row, id: `${row.endpointId}.${row.eventId}` })),
  day: ({ batches = [] }) =>
    batches.flatMap((row) => explainRow("settlement", { ...row, state: row.status }, { day: row.day })),
};

/** Explains everything in a detail that has not ended. */
export function explainParts(parts: Record<string, Row[]>) {
  const [first = ""] = Object.keys(parts);
  return toExplanations(explainers[first]?.(parts) ?? []);
}
