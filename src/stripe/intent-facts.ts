import type Stripe from "stripe";
import { type Moved, movedBy } from "./moved";

/** The facts about a PaymentIntent on which our decisions depend, as Stripe reports them. */
export interface IntentFacts {
  id: string;
  status: string;
  clientSecret: string | null;
  paymentMethodId: string | null;
  customerId: string | null;
  receivedMinor: number;
  cancellationReason: string | null;
  nextAction: Record<string, unknown> | null;
  lastError: { code: string; declineCode: string | null; message: string } | null;
  charge: ChargeFacts | null;
  /** Our own payment's id in the metadata. It chooses which of our rows to check, and is never trusted. */
  paymentId: string | undefined;
}

/** The facts about its latest charge. */
interface ChargeFacts {
  id: string;
  captureBeforeMs: number | null;
  isDisputed: boolean;
  applicationFeeMinor: number;
  /** Null while there is no fee, or while Stripe has not collected it yet. */
  applicationFeeId: string | null;
  /** The movement on the account; undefined while Stripe has not settled it. */
  moved: Moved | undefined;
}

/** Reads the facts of a PaymentIntent that was expanded by its latest charge and that charge's balance transaction. */
export function factsOf(intent: Stripe.PaymentIntent): IntentFacts {
  const { latest_charge: charge, last_payment_error: error } = intent;
  return {
    id: intent.id,
    status: intent.status,
    clientSecret: intent.client_secret,
    paymentMethodId: idOf(intent.payment_method),
    customerId: idOf(intent.customer),
    receivedMinor: intent.amount_received,
    cancellationReason: intent.cancellation_reason,
    nextAction: intent.next_action === null ? null : { ...intent.next_action },
    lastError: error && {
      code: error.code ?? error.type,
      declineCode: error.decline_code ?? null,
      message: error.message ?? "",
    },
    charge: charge !== null && typeof charge === "object" ? chargeOf(charge) : null,
    paymentId: intent.metadata.payment_id,
  };
}

function chargeOf(charge: Stripe.Charge): ChargeFacts {
  const captureBefore = charge.payment_method_details?.card?.capture_before;
  return {
    id: charge.id,
    captureBeforeMs: captureBefore === undefined ? null : captureBefore * 1000,
    isDisputed: charge.disputed,
    applicationFeeMinor: charge.application_fee_amount ?? 0,
    applicationFeeId: idOf(charge.application_fee),
    moved: movedBy([charge.balance_transaction]),
  };
}

function idOf(reference: string | { id: string } | null): string | null {
  return typeof reference === "string" || reference === null ? reference : reference.id;
}
