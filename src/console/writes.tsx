import type { Action } from "./action";
import { amount, instant, note } from "./action-fields";
import type { Row } from "./parts/field";
import { Money } from "./parts/money";

/**
 * The operator's changes of what belongs to others, each made of the row that the page shows. What was seen of the row
 * is part of the key, so that the same click in two tabs is one change.
 */
const base = "/api/v1/admin";
const post = (operation: string, path: string, more: Omit<Action, "operation" | "method" | "path">): Action => ({
  operation,
  method: "POST",
  path: `${base}/${path}`,
  ...more,
});
const text = (value: unknown) => String(value ?? "");
const inPath = (value: unknown) => encodeURIComponent(text(value)).replaceAll(".", "%2E");

export function resendDelivery({ id, state, attempts }: Row): Action {
  return post("resend-delivery-of-any", `webhook-deliveries/${inPath(id)}/resend`, {
    object: text(id),
    seen: `${state}:${attempts}`,
    typed: [note()],
  });
}

export function recoverEndpoint({ id, failingSince, disabledReason }: Row): Action {
  return post("recover-deliveries-of-any", `webhook-endpoints/${inPath(id)}/recover`, {
    object: text(id),
    seen: `${failingSince ?? ""}:${disabledReason ?? ""}`,
    typed: [
      instant("since", { initial: typeof failingSince === "string" ? failingSince : "" }),
      instant("until", { isOptional: true }),
      { name: "type", isOptional: true, read: (typed) => typed },
      note(),
    ],
    isForetold: true,
  });
}

export function retryRecord({ id, attempts }: Row): Action {
  return post("retry-webhook-of-any", `transfer-webhooks/${inPath(id)}/retry`, {
    object: text(id),
    seen: text(attempts),
    typed: [note()],
  });
}

export function retryCall({ aggregateId, callId, attempts }: Row): Action {
  return post("retry-stripe-call", `stripe-calls/${inPath(aggregateId)}/${inPath(callId)}/retry`, {
    object: text(aggregateId),
    seen: `${callId}:${attempts}`,
    typed: [note()],
  });
}

export function settleDay(day: string, seen: string): Action {
  return post("settle-day-of-all", `settlement-days/${inPath(day)}/settle`, {
    object: day,
    seen,
    typed: [note()],
  });
}

export function refundPayment({ id, state, capturedMinor, refundedMinor, currency }: Row): Action {
  const left = Number(capturedMinor) - Number(refundedMinor);
  const hint = (
    <span class="quiet">
      {" "}
      at most <Money minor={left} currency={text(currency)} />
    </span>
  );
  return post("refund-payment-of-any", `payments/${inPath(id)}/refund`, {
    object: text(id),
    seen: `${state}:${refundedMinor}`,
    body: { refundedMinor: Number(refundedMinor) },
    currency: text(currency),
    typed: [amount(text(currency), hint), note("reason")],
    isForetold: true,
  });
}

/** With the checkout that was accepted, it is refused if more of that is refunded by then. */
export function refundTestimony(id: string, checkout: Row | undefined): Action {
  return post("refund-testimony", `testimonies/${inPath(id)}/refund`, {
    object: id,
    ...(checkout && { body: { refundedMinor: Number(checkout.refundedMinor) }, currency: text(checkout.currency) }),
    typed: [note("reason")],
    isForetold: true,
  });
}

/** The limit below zero that an application's wallets may reach. */
export function limitApplication(id: string, seen: string): Action {
  return {
    operation: "admit-application",
    verb: "Change the limit",
    method: "PATCH",
    path: `${base}/applications/${inPath(id)}`,
    object: id,
    seen,
    what: "Its wallets may go so far below zero, from now on. Transfers that were refused can be accepted again.",
    typed: [
      {
        name: "debitLimit",
        label: "Debit limit",
        read: (typed) => (/^\d{1,12}(\.\d{1,4})?$/.test(typed) ? Number(typed) : undefined),
      },
    ],
  };
}
