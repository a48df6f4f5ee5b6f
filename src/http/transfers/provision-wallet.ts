import * as z from "zod";
import { described } from "../described";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { optionalCurrency } from "./fields";
import { envelopeOf, succeed } from "./print-success";
import { toWallet, walletObject } from "./wallet-object";

export const provisionWallet = defineRoute(transfersDialect, {
  operationId: "provision-wallet",
  method: "post",
  path: "/wallet",
  ...described(() => ({
    tag: "Wallets",
    summary: "Make sure that there is a wallet",
    description: "May be repeated at every start. A wallet is also made by the first transaction in its currency.",
    bodyExample: { currency: "NGN" },
    responses: { 200: { description: "The wallet as it is now", schema: envelopeOf(walletObject) } },
    errors: { 422: ["UNSUPPORTED_CURRENCY"] },
  })),
  access: "application",
  body: () => z.object({ currency: optionalCurrency() }),
  async handle({ edge, caller, body: { currency }, perform }) {
    const result = await perform({ name: "provision-wallet", input: { applicationId: caller.id, currency } });
    return result.ok ? succeed(edge, "Wallet provisioned or already exists", toWallet(result.value, caller)) : result;
  },
});
