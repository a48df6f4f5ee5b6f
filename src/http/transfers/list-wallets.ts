import { selectWallets, walletsAt } from "../../db/transfers/wallets";
import { described } from "../described";
import { cursorPageOf, cursorUnknown, isByCursor, listQuery } from "../page";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { arrayOf, succeedWithRows } from "./print-success";
import { toWallet, walletObject } from "./wallet-object";

export const listWallets = defineRoute(transfersDialect, {
  operationId: "list-wallets",
  method: "get",
  path: "/wallets",
  ...described(() => ({
    tag: "Wallets",
    summary: "The application's wallets",
    description: "One for each currency that was used: all of them, by currency; or a page by cursor.",
    responses: { 200: { description: "The wallets", schema: arrayOf(walletObject) } },
  })),
  access: "application",
  query: () => listQuery({}),
  load: ({ db, subject = "" }) => [selectWallets(db, subject)],
  find: ([wallets]) => ({ wallets }),
  async handle({ edge, caller, query, found: { wallets } }) {
    const part = isByCursor(query) ? await walletsAt(edge.deps.db, caller.id, cursorPageOf(query)) : { rows: wallets };
    return part ? succeedWithRows(edge, "Wallets", part, (row) => toWallet(row, caller)) : cursorUnknown(query);
  },
});
