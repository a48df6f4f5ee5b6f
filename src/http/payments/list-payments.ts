import * as z from "zod";
import { type PaymentFilter, pageOfPayments, paymentsAfter, selectPayment } from "../../db/payments/payment-views";
import { canonicalId } from "../../domain/id";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { paymentsDialect } from "./dialect";
import { queryInteger, text } from "./fields";
import { statuses } from "./payment-object";
import { type AfterAnswer, afterObject, type PageAnswer, pageObject, printAfter, printPage } from "./payment-pages";

const perPageMax = 100;
const perPageDefault = 20;

const query = z
  .object({
    page: queryInteger(999_999_999).optional(),
    per_page: queryInteger(perPageMax)
      .optional()
      .meta({ description: `${perPageDefault} unless said otherwise.` }),
    limit: queryInteger(perPageMax).optional(),
    starting_after: text().transform(canonicalId).optional().meta({ description: "Id of the last transaction seen." }),
    user_id: text().transform(canonicalId).optional(),
    order_id: text().optional(),
    status: z.enum(statuses).optional(),
  })
  .refine(({ page, per_page, limit, starting_after }) => !(page ?? per_page) || !(limit ?? starting_after), {
    path: ["page"],
    error: "and per_page go without limit and starting_after",
  });

export const listPayments = defineRoute(paymentsDialect, {
  operationId: "list-payments",
  method: "get",
  path: "/transactions",
  ...described(() => ({
    tag: "Transactions",
    summary: "An app's transactions, newest first",
    description:
      "By `page` and `per_page`, with the number of all; or by `limit` and `starting_after`, which skips and repeats nothing while transactions are made.",
    responses: { 200: { description: "Some of them", schema: z.union([pageObject, afterObject]) } },
  })),
  access: "shopper",
  query,
  load: ({ db, query: sent }) => [selectPayment(db, sent?.starting_after ?? "")],
  find: ([[last]]) => ({ last: last?.payment }),
  async handle({ edge, caller: { developer, app }, query: sent, found: { last }, request }) {
    const { db } = edge.deps;
    const filter: PaymentFilter = {
      developerId: developer.id,
      appId: app.id,
      userId: sent.user_id,
      orderId: sent.order_id,
      status: sent.status,
    };
    if (sent.limit === undefined && sent.starting_after === undefined) {
      const { page = 1, per_page: perPage = perPageDefault } = sent;
      const found = await pageOfPayments(db, filter, { page, perPage });
      return ok(printPage(found, { page, perPage }, request) satisfies PageAnswer);
    }
    if (sent.starting_after !== undefined && (last?.developerId !== developer.id || last.appId !== app.id)) {
      return { answer: startingAfterUnknown };
    }
    const { limit = perPageDefault } = sent;
    const rows = await paymentsAfter(db, filter, { after: last?.id, limit: limit + 1 });
    return ok(printAfter(rows, limit, request) satisfies AfterAnswer);
  },
});

const startingAfterUnknown = {
  status: 422,
  text: "starting_after names no transaction of this app",
  code: "input_invalid",
  field: "starting_after",
} as const;
