import * as z from "zod";
import { described, forDescription } from "../described";
import { noContent } from "../route";
import { defineRoute } from "../serve";
import { proveCurrentPassword } from "./credentials";
import { offersDialect } from "./dialect";
import { text } from "./fields";

export const deleteProfile = defineRoute(offersDialect, {
  operationId: "delete-profile",
  method: "delete",
  path: "/me",
  ...described(() => ({
    tag: "Users",
    summary: "Delete the current user",
    description:
      "Wants `currentPassword`, unless the session began in the last fifteen minutes. All sessions end, the personal " +
      "data goes for good, and e-mail and phone are free. Ids, amounts, states and times stay, because the books do. " +
      "Unpaid testimonies are cancelled, open payment pages are closed and open offers are withdrawn before; a page that " +
      "is paid at that moment is accepted, and nothing is deleted. `waiting` of 409 names what the money waits for: " +
      "`work_underway`, `payment_underway`, `refund_underway`, `payout_underway`, `dispute_open`, `debt_owed`, " +
      "`operator_must_look` or `call_underway`, with its testimony. Send 503 again: it goes on where it stopped.",
    bodyExample: { currentPassword: "correct horse 7" },
    responses: { 204: { description: "Deleted" } },
    errors: { 409: ["money_underway"], 422: ["password_wrong", "reauthentication_required"] },
  })),
  access: "user",
  securityEvent: "user_deleted",
  body: () =>
    z.object({
      currentPassword: text()
        .optional()
        .meta(forDescription(() => ({ format: "password" }))),
    }),
  async handle({ edge, caller, body, perform }) {
    const proof = await proveCurrentPassword(edge, caller, body.currentPassword);
    if ("answer" in proof || "refusal" in proof) return proof;
    const input = { userId: caller.id, sessionId: caller.session.id, ...proof };
    const result = await perform({ name: "delete-user", input });
    return result.ok ? noContent : result;
  },
});
