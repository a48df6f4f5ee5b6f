import * as z from "zod";
import { selectWallets } from "../../db/transfers/wallets";
import { described } from "../described";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { envelopeOf, succeed } from "./print-success";
import { toWallet, walletObject } from "./wallet-object";

export const listWallets = defineRoute(transfersDialect, {
  operationId: "list-wallets",
  method: "get",
  path: "/wallets",
  ...described(() => ({
    tag: "Wallets",
    summary: "The application's wallets",
    responses: {
      200: { description: "One for each currency that was used", schema: envelopeOf(z.array(walletObject)) },
    },
  })),
  access: "application",
  load: ({ db, subject = "" }) => [selectWallets(db, subject)],
  find: ([wallets]) => ({ wallets }),
  async handle({ edge, caller, found: { wallets } }) {
    return succeed(
      edge,
      "Wallets",
      wallets.map((wallet) => toWallet(wallet, caller)),
    );
  },
});
