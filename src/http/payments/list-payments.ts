import * as z from "zod";
import { type PaymentFilter, pageOfPayments, paymentsByCursor } from "../../db/payments/payment-lists";
import { canonicalId } from "../../domain/id";
import { described, forDescription } from "../described";
import { createdQuery, createdRangeOf, cursorPageOf, cursorUnknown, isByCursor, listQuery } from "../page";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { paymentsDialect } from "./dialect";
import { accountId, queryInteger, text } from "./fields";
import { statuses } from "./payment-object";
import { type AfterAnswer, afterObject, type PageAnswer, pageObject, printAfter, printPage } from "./payment-pages";

const perPageMax = 100;
const perPageDefault = 20;

const query = () =>
  listQuery(
    {
      page: queryInteger(999_999_999).optional(),
      per_page: queryInteger(perPageMax)
        .optional()
        .meta(forDescription(() => ({ description: `${perPageDefault} unless said otherwise.` }))),
      user_id: text().transform(canonicalId).optional(),
      order_id: text().optional(),
      account_id: accountId().optional(),
      status: z.enum(statuses).optional(),
      ...createdQuery(),
    },
    ["page", "per_page"],
  );

export const listPayments = defineRoute(paymentsDialect, {
  operationId: "list-payments",
  method: "get",
  path: "/transactions",
  ...described(() => ({
    tag: "Transactions",
    summary: "An app's transactions",
    description: `By \`page\` and \`per_page\`, newest first, with the number of all; or by cursor, which skips and repeats nothing while transactions are made, and costs no count.`,
    responses: { 200: { description: "Some of them", schema: z.union([pageObject, afterObject]) } },
  })),
  access: "shopper",
  scope: "payments",
  query,
  async handle({ edge, caller: { developer, app }, query: sent, request }) {
    const { db } = edge.deps;
    const filter: PaymentFilter = {
      developerId: developer.id,
      appId: app.id,
      userId: sent.user_id,
      orderId: sent.order_id,
      accountId: sent.account_id,
      status: sent.status,
      ...createdRangeOf(sent),
    };
    if (!isByCursor(sent)) {
      const { page = 1, per_page: perPage = perPageDefault } = sent;
      const found = await pageOfPayments(db, filter, { page, perPage });
      return ok(printPage(found, { page, perPage }, request) satisfies PageAnswer);
    }
    const page = cursorPageOf(sent);
    const found = await paymentsByCursor(db, filter, page);
    return found ? ok(printAfter(found, page.limit, sent, request) satisfies AfterAnswer) : cursorUnknown(sent);
  },
});
