import * as z from "zod";
import { ledgerBalances } from "../../db/ledger";
import { exactNumber } from "../../domain/exact-number";
import { type LedgerAccount, ledgerAccounts } from "../../domain/ledger";
import { described, forDescription } from "../described";
import { instantQuery } from "../instant-query";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";
import { exactInteger } from "./exact-integer";

const accountNames = forDescription(() => Object.keys(ledgerAccounts) as [LedgerAccount, ...LedgerAccount[]]);

const balanceObject = forDescription(() =>
  z
    .strictObject({
      account: z.enum(accountNames),
      kind: z.enum(["asset", "liability", "equity", "revenue", "expense"]),
      currency: z.string(),
      amountMinor: exactInteger.meta({ description: "Minor units: a debit is positive, a credit negative." }),
    })
    .meta({ id: "AccountBalance" }),
);

export const viewLedger = defineRoute(adminDialect, {
  operationId: "view-ledger",
  method: "get",
  path: "/admin/ledger",
  ...described(() => ({
    tag: "Operator",
    summary: "The balance of every account, per currency",
    responses: {
      200: {
        description: "The balances; they sum to zero per currency",
        schema: z.strictObject({ data: z.array(balanceObject) }),
      },
    },
  })),
  access: "operator",
  query: () =>
    z.object({
      as_of: instantQuery()
        .optional()
        .meta(forDescription(() => ({ description: "What they were at this moment, its own changes included." }))),
    }),
  async handle({ edge, query }) {
    const balances = await ledgerBalances(edge.deps.db, query.as_of);
    const print = ({ account, currency, amountMinor }: (typeof balances)[number]) => ({
      account,
      kind: ledgerAccounts[account],
      currency,
      amountMinor: exactNumber(amountMinor),
    });
    return ok({ data: balances.map(print) });
  },
});
