import * as z from "zod";
import { selectWallet } from "../../db/transfers/wallets";
import { defaultCurrency } from "../../domain/currency";
import { described } from "../described";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { optionalCurrency } from "./fields";
import { envelopeOf, succeed } from "./print-success";
import { toWallet, walletObject } from "./wallet-object";

export const viewWallet = defineRoute(transfersDialect, {
  operationId: "view-wallet",
  method: "get",
  path: "/wallet",
  ...described(() => ({
    tag: "Wallets",
    summary: "The application's wallet",
    description:
      "In the default currency, unless another is asked for. 404 until the first transaction, or until it is provisioned.",
    responses: { 200: { description: "The wallet", schema: envelopeOf(walletObject) } },
    errors: { 404: ["WALLET_NOT_FOUND"] },
  })),
  access: "application",
  query: () => z.object({ currency: optionalCurrency() }),
  load: ({ db, subject = "", query }) => [
    selectWallet(db, { applicationId: subject, currency: query?.currency ?? defaultCurrency }),
  ],
  find: ([[wallet]]) => ({ wallet }),
  async handle({ edge, caller, found: { wallet } }) {
    return wallet ? succeed(edge, "Wallet", toWallet(wallet, caller)) : { refusal: "wallet_unknown" };
  },
});
