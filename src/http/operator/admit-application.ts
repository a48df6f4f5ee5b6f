import * as z from "zod";
import { selectApplication } from "../../db/transfers/applications";
import { readTransferAmount } from "../../domain/transfers/transfer-amount";
import { described, forDescription } from "../described";
import { numberText } from "../exact-json";
import { ok } from "../route";
import { sentMembers } from "../sent-members";
import { defineRoute } from "../serve";
import { admittedApplication, toAdmittedApplication } from "./application-object";
import { adminDialect } from "./dialect";

/** A limit is zero or an amount that can be transferred; the handler gets an integer of scale 4. */
const debitLimit = () =>
  z
    .unknown()
    .transform((value, context) => {
      if (value === 0 || value === undefined || value === null) return value;
      const text = numberText(value);
      const limit = text === undefined ? undefined : readTransferAmount(text);
      if (typeof limit === "number") return limit;
      context.addIssue({ code: "custom", message: "must be null, 0, or an amount of at most four decimals" });
      return z.NEVER;
    })
    .meta(forDescription(() => ({ override: { type: ["number", "null"], minimum: 0 }, description: "Null: none." })));

export const admitApplication = defineRoute(adminDialect, {
  operationId: "admit-application",
  method: "patch",
  path: "/admin/applications/:id",
  ...described(() => ({
    tag: "Operator",
    summary: "Admit an application, or shut it out",
    description:
      "Members that are left out stay as they are. Until it is admitted, an application can do nothing; its wallets may not go below zero unless a limit is set, or, as null, none. What it has initiated before it is shut out can still be accepted, within its limit.",
    bodyExample: { active: true, debitLimit: 250000 },
    responses: { 200: { description: "The application", schema: z.strictObject({ data: admittedApplication }) } },
    errors: { 404: ["application_unknown"], 422: ["debit_limit_exceeded"] },
  })),
  access: "operator",
  securityEvent: "application_admitted",
  params: () => z.object({ id: z.string() }),
  body: () =>
    z.object({ active: z.boolean().optional(), admin: z.boolean().optional(), debitLimit: debitLimit().optional() }),
  load: ({ db, params: { id = "" } }) => [selectApplication(db, id)],
  find: ([[application]]) => application ?? "application_unknown",
  async handle({ caller, body, found: { id }, perform }) {
    const input = { id, operator: caller.name, ...sentMembers(body) };
    const result = await perform({ name: "admit-application", input });
    return result.ok ? ok({ data: toAdmittedApplication(result.value) }) : result;
  },
});
