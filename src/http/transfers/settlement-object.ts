import * as z from "zod";
import type { SettlementBatch, SettlementEntry } from "../../db/transfers/settlements";
import { forDescription } from "../described";
import { amountObject, toAmount } from "./amount";
import { instant, orLeftOut, toInstant } from "./print-success";

/** The states of a batch. */
export const settlementStatuses = ["PENDING", "PROCESSING", "COMPLETED", "FAILED"] as const;

const positionObject = forDescription(() =>
  z
    .strictObject({
      id: z.uuid(),
      applicationId: z.uuid(),
      applicationName: z.string(),
      walletId: z.uuid(),
      currency: z.string(),
      totalCredited: amountObject,
      totalDebited: amountObject,
      netAmount: amountObject,
      openingBalance: amountObject,
      closingBalance: amountObject,
      transactionCount: z.int(),
      createdAt: instant,
    })
    .meta({ id: "SettlementPosition" }),
);

/** A settlement batch. */
export const settlementObject = forDescription(() =>
  z
    .strictObject({
      id: z.uuid(),
      settlementDate: z.iso.date(),
      currency: z.string(),
      totalCredited: amountObject,
      totalDebited: amountObject,
      transactionCount: z.int(),
      applicationCount: z.int(),
      status: z.enum(settlementStatuses),
      errorMessage: z.string().optional(),
      createdAt: instant,
      entries: z.array(positionObject).meta({ description: "The caller's own; everybody's for an administrator." }),
    })
    .meta({ id: "SettlementBatch" }),
);

export function toSettlement(batch: SettlementBatch) {
  return {
    id: batch.id,
    settlementDate: batch.day,
    currency: batch.currency,
    totalCredited: toAmount(BigInt(batch.totalCredited)),
    totalDebited: toAmount(BigInt(batch.totalDebited)),
    transactionCount: batch.transactionCount,
    applicationCount: batch.applicationCount,
    status: batch.status,
    errorMessage: orLeftOut(batch.errorMessage),
    createdAt: toInstant(batch.createdAt),
    entries: batch.entries.map(toPosition),
  };
}

function toPosition(entry: SettlementEntry) {
  return {
    id: entry.id,
    applicationId: entry.applicationId,
    applicationName: entry.applicationName,
    walletId: entry.walletId,
    currency: entry.currency,
    totalCredited: toAmount(BigInt(entry.totalCredited)),
    totalDebited: toAmount(BigInt(entry.totalDebited)),
    netAmount: toAmount(BigInt(entry.netAmount)),
    openingBalance: toAmount(BigInt(entry.openingBalance)),
    closingBalance: toAmount(BigInt(entry.closingBalance)),
    transactionCount: entry.transactionCount,
    createdAt: toInstant(entry.createdAt),
  };
}
