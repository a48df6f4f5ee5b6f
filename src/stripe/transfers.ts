import type Stripe from "stripe";
import type { StripeGateway } from "./client";
import type { StripeOutcome } from "./failure";

/** A transfer of an expert's share to the connected account (src/guides/decisions.md#paying-the-expert). */
export interface TransferOrder {
  payoutId: string;
  testimonyId: string;
  offerId: string;
  amountMinor: number;
  currency: string;
  destination: string;
  /**
   * The charge that pays for it: the transfer is accepted at once, and its money moves when the charge's funds are
   * available.
   */
  chargeId: string;
}

export interface TransferFacts {
  id: string;
  /** The id of our own payout, if we made it. */
  payoutId: string | undefined;
  /** The offer that was accepted. */
  offerId: string | undefined;
  /** The charge that paid for it. */
  chargeId: string | undefined;
  /** The connected account that received it. */
  destination: string | undefined;
  amountMinor: number;
  reversedMinor: number;
  reversals: ReversalFacts[];
}

export interface ReversalFacts {
  id: string;
  amountMinor: number;
  /** The ids of our own payout and call, if we made it. */
  payoutId: string | undefined;
  callId: string | undefined;
}

/** Transfers money to a connected account. */
export async function createTransfer(
  stripe: StripeGateway,
  order: TransferOrder,
  key: string,
): Promise<StripeOutcome<TransferFacts>> {
  const params: Stripe.TransferCreateParams = {
    amount: order.amountMinor,
    currency: order.currency,
    destination: order.destination,
    source_transaction: order.chargeId,
    transfer_group: order.testimonyId,
    metadata: { payout_id: order.payoutId, testimony_id: order.testimonyId, offer_id: order.offerId },
  };
  return facts(await stripe.call("transfer", (sdk) => sdk.transfers.create(params, { idempotencyKey: key })));
}

/** Looks for the transfer of a payout among those of its testimony. The value is undefined if Stripe has none. */
export async function findTransfer(
  stripe: StripeGateway,
  testimonyId: string,
  payoutId: string,
): Promise<StripeOutcome<TransferFacts | undefined>> {
  const listed = await listTransfers(stripe, testimonyId);
  return listed.ok ? { ok: true, value: listed.value.find((one) => one.payoutId === payoutId) } : listed;
}

/** Lists every transfer of a group, ours and others'. */
export async function listTransfers(stripe: StripeGateway, group: string): Promise<StripeOutcome<TransferFacts[]>> {
  const listed = await stripe.list<Stripe.Transfer>((sdk, page) =>
    sdk.transfers.list({ ...page, transfer_group: group }),
  );
  return listed.ok ? { ok: true, value: listed.value.map(factsOf) } : listed;
}

/** Reads a transfer with its reversals. */
export async function retrieveTransfer(stripe: StripeGateway, id: string): Promise<StripeOutcome<TransferFacts>> {
  return facts(await stripe.call("transfer", (sdk) => sdk.transfers.retrieve(id)));
}

/** Reverses a transfer. Stripe refuses if the connected account's balance does not cover it. */
export async function reverseTransfer(
  stripe: StripeGateway,
  order: { transferId: string; amountMinor: number; payoutId: string },
  callId: string,
  key: string,
): Promise<StripeOutcome<ReversalFacts>> {
  const outcome = await stripe.call("transfer_reversal", (sdk) =>
    sdk.transfers.createReversal(
      order.transferId,
      { amount: order.amountMinor, metadata: { payout_id: order.payoutId, call_id: callId } },
      { idempotencyKey: key },
    ),
  );
  return outcome.ok ? { ok: true, value: reversalOf(outcome.value) } : outcome;
}

function facts(outcome: StripeOutcome<Stripe.Transfer>): StripeOutcome<TransferFacts> {
  return outcome.ok ? { ok: true, value: factsOf(outcome.value) } : outcome;
}

function factsOf(transfer: Stripe.Transfer): TransferFacts {
  return {
    id: transfer.id,
    payoutId: transfer.metadata.payout_id,
    offerId: transfer.metadata.offer_id,
    chargeId: idOf(transfer.source_transaction),
    destination: idOf(transfer.destination),
    amountMinor: transfer.amount,
    reversedMinor: transfer.amount_reversed,
    reversals: transfer.reversals.data.map(reversalOf),
  };
}

function idOf(named: string | { id: string } | null): string | undefined {
  return typeof named === "string" ? named : named?.id;
}

function reversalOf(reversal: Stripe.TransferReversal): ReversalFacts {
  return {
    id: reversal.id,
    amountMinor: reversal.amount,
    payoutId: reversal.metadata?.payout_id,
    callId: reversal.metadata?.call_id,
  };
}
