import * as z from "zod";
import { entriesAt, pageOfEntries, selectEntryPlace, type WalletEntry } from "../../db/transfers/wallet-ledger";
import { canonicalId } from "../../domain/id";
import { described } from "../described";
import { cursorPageOf, cursorUnknown, isByCursor, listQuery } from "../page";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { optionalCurrency, text } from "./fields";
import { listOf, ofPage, pageQuery, rowsOf, timeQuery, toCursorPage, toPage } from "./paginate";
import { envelopeOf, succeed } from "./print-success";
import { entryObject, toEntry } from "./wallet-object";

const property = "createdAt";

export const listWalletEntries = defineRoute(transfersDialect, {
  operationId: "list-wallet-entries",
  method: "get",
  path: "/wallet/ledger",
  ...described(() => ({
    tag: "Wallets",
    summary: "The ledger of the application's wallet",
    description: "By `page`, `size` and `sort`, with the number of all; or by cursor, which is an entry's id.",
    responses: { 200: { description: "One page, newest first", schema: envelopeOf(listOf(entryObject)) } },
    errors: { 404: ["WALLET_NOT_FOUND"] },
  })),
  access: "application",
  query: () =>
    listQuery(
      {
        ...pageQuery(property),
        currency: optionalCurrency(),
        type: z.enum(["DEBIT", "CREDIT"]).optional(),
        reference: text(64).transform(canonicalId).optional(),
        ...timeQuery(),
      },
      ofPage,
    ),
  load: ({ db, query, subject: applicationId = "" }) => {
    const id = query?.starting_after ?? query?.ending_before ?? "";
    return [selectEntryPlace(db, { applicationId, currency: query?.currency ?? "" }, id)] as const;
  },
  find: ([[named]]) => ({ named }),
  async handle({ edge, caller, query, found: { named } }) {
    const { db } = edge.deps;
    const { currency, type, reference, from: fromMs, to: toMs } = query;
    const filter = { applicationId: caller.id, currency, type, reference, fromMs, toMs };
    if (isByCursor(query)) {
      const page = cursorPageOf(query);
      if (page.cursor && !named) return cursorUnknown(query);
      const { wallet, part } = await entriesAt(db, filter, page, named?.sequence);
      if (!wallet) return { refusal: "wallet_unknown" };
      const print = (row: WalletEntry) => toEntry(row, wallet);
      return succeed(edge, "Ledger", toCursorPage(part, print));
    }
    const found = await pageOfEntries(db, filter, rowsOf(query));
    if (!found) return { refusal: "wallet_unknown" };
    const content = found.rows.map((row) => toEntry(row, found.wallet));
    return succeed(edge, "Ledger", toPage(content, found.total, query, property));
  },
});
