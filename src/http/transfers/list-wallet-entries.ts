import * as z from "zod";
import { pageOfEntries } from "../../db/transfers/wallet-ledger";
import { canonicalId } from "../../domain/id";
import { described } from "../described";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { instantQuery, optionalCurrency, text } from "./fields";
import { pageOf, pageQuery, rowsOf, toPage } from "./paginate";
import { envelopeOf, succeed } from "./print-success";
import { entryObject, toEntry } from "./wallet-object";

export const listWalletEntries = defineRoute(transfersDialect, {
  operationId: "list-wallet-entries",
  method: "get",
  path: "/wallet/ledger",
  ...described(() => ({
    tag: "Wallets",
    summary: "The ledger of the application's wallet",
    responses: { 200: { description: "One page, newest first", schema: envelopeOf(pageOf(entryObject)) } },
    errors: { 404: ["WALLET_NOT_FOUND"] },
  })),
  access: "application",
  query: z.object({
    ...pageQuery("createdAt"),
    currency: optionalCurrency,
    type: z.enum(["DEBIT", "CREDIT"]).optional(),
    reference: text(64).transform(canonicalId).optional(),
    from: instantQuery.optional().meta({ description: "From this moment or day on, it included." }),
    to: instantQuery.optional().meta({ description: "Until before this moment or day." }),
  }),
  async handle({ edge, caller, query }) {
    const { currency, type, reference, from: fromMs, to: toMs } = query;
    const filter = { applicationId: caller.id, currency, type, reference, fromMs, toMs };
    const found = await pageOfEntries(edge.deps.db, filter, rowsOf(query));
    if (!found) return { refusal: "wallet_unknown" };
    const content = found.rows.map((row) => toEntry(row, found.wallet));
    return succeed(edge, "Ledger", toPage(content, found.total, query));
  },
});
