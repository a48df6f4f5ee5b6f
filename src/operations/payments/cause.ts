import type { Statement } from "../../db/database";
import type { PaymentAggregate } from "../../db/payments/payments";
import type { PaymentError } from "../../db/payments/tables";
import type { Actor } from "../../domain/machine";
import type { Result } from "../../domain/result";

/** The reason for which a payment is settled, and what else belongs into the change. */
export interface Cause {
  name: string;
  actor: Actor;
  data?: Record<string, unknown>;
  rows?: readonly Statement[];
  /** The card was declined by this call. */
  declined?: Decline;
  /** Stripe refused to make the PaymentIntent. */
  refused?: true;
  /** The account is gone: Stripe does not show us any more what becomes of the payment. */
  gone?: true;
  /** A refund that Stripe refused, and its reason. */
  refusedRefund?: { id: string; failure: string };
  /** The answer to store, if this change answers a request. */
  answer?: (after: PaymentAggregate) => Result<unknown>;
}

/** The bank's answer, and the charge that it belongs to. */
export interface Decline {
  error: PaymentError;
  chargeId: string | null;
}
