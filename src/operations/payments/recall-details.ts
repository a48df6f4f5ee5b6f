import { type PaymentView, selectPayment } from "../../db/payments/payment-views";
import type { Recall } from "../operation";

/** Leaves out of a payment what its caller has said about it. It never changes. */
function withoutDetails({ description: _, metadata: __, ...payment }: PaymentView) {
  return payment;
}

/** Makes the form of an answer that does not show the details of its payment. */
export function dropDetails<Output extends { payment: PaymentView }>(): Recall<unknown, Output> {
  return {
    keep: ({ payment, ...rest }) => ({ ...rest, payment: withoutDetails(payment) }),
    again: (kept) => kept,
  };
}

/** The answer of a request that only names the payment. */
export const recallDetails: Recall<{ paymentId: string }, PaymentView> = {
  keep: withoutDetails,
  async again(kept, { paymentId }, db) {
    const [[found]] = await db.batch([selectPayment(db, paymentId)]);
    const { description = null, metadata = null } = found?.payment ?? kept;
    return { ...kept, description, metadata };
  },
};
