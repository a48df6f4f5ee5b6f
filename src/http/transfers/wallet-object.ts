import * as z from "zod";
import type { Application } from "../../db/transfers/applications";
import type { WalletEntry } from "../../db/transfers/wallet-ledger";
import type { Wallet } from "../../db/transfers/wallets";
import { forDescription } from "../described";
import { amountObject, toAmount } from "./amount";
import { instant, orLeftOut, toInstant } from "./print-success";

/** A wallet. */
export const walletObject = forDescription(() =>
  z
    .strictObject({
      id: z.uuid(),
      applicationId: z.uuid(),
      applicationName: z.string(),
      currency: z.string(),
      balance: amountObject.meta({ description: "Credited less debited: the net position, which may be below zero." }),
      totalDebited: amountObject,
      totalCredited: amountObject,
      createdAt: instant,
      updatedAt: instant,
    })
    .meta({ id: "Wallet" }),
);

export function toWallet(wallet: Wallet, { name }: Application) {
  return {
    id: wallet.id,
    applicationId: wallet.applicationId,
    applicationName: name,
    currency: wallet.currency,
    balance: toAmount(wallet.balance),
    totalDebited: toAmount(BigInt(wallet.totalDebited)),
    totalCredited: toAmount(BigInt(wallet.totalCredited)),
    createdAt: toInstant(wallet.createdAt),
    updatedAt: toInstant(wallet.updatedAt),
  };
}

/** An entry of a wallet's ledger. */
export const entryObject = forDescription(() =>
  z
    .strictObject({
      id: z.uuid(),
      walletId: z.uuid(),
      applicationId: z.uuid(),
      transactionId: z.uuid(),
      transactionReference: z.string(),
      entryType: z.enum(["DEBIT", "CREDIT"]),
      amount: amountObject,
      currency: z.string(),
      openingBalance: amountObject,
      closingBalance: amountObject,
      counterpartyTag: z.string(),
      narration: z.string().optional(),
      createdAt: instant,
    })
    .meta({ id: "LedgerEntry", description: "Never changed. The entries of a wallet chain without gaps." }),
);

export function toEntry(entry: WalletEntry, { id: walletId }: Wallet) {
  return {
    id: entry.id,
    walletId,
    applicationId: entry.applicationId,
    transactionId: entry.transferId,
    transactionReference: entry.reference,
    entryType: entry.type,
    amount: toAmount(entry.amount),
    currency: entry.currency,
    openingBalance: toAmount(BigInt(entry.openingBalance)),
    closingBalance: toAmount(BigInt(entry.closingBalance)),
    counterpartyTag: entry.counterpartyTag,
    narration: orLeftOut(entry.narration),
    createdAt: toInstant(entry.createdAt),
  };
}
