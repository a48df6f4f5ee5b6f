import * as z from "zod";
import { payoutAccountOf } from "../../db/offers/payout-accounts";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { offersDialect } from "./dialect";
import { data } from "./envelope";

const statuses = ["none", "incomplete", "under_review", "ready", "paused", "gone"] as const;

export const viewPayoutAccount = defineRoute(offersDialect, {
  operationId: "view-payout-account",
  method: "get",
  path: "/me/payout-account",
  ...described(() => ({
    tag: "Payouts",
    summary: "Whether the expert can be paid",
    description:
      "`none` until an account was opened; `gone`: Stripe does not show it any more, open another; `requirements` names what Stripe still wants to know.",
    responses: {
      200: {
        description: "The status",
        schema: data(
          z.strictObject({ status: z.enum(statuses), requirements: z.array(z.string()) }).meta({ id: "PayoutAccount" }),
        ),
        example: { data: { status: "incomplete", requirements: ["external_account"] } },
      },
    },
  })),
  access: "expert",
  async handle({ edge, caller }) {
    const account = await payoutAccountOf(edge.deps.db, caller.id);
    return ok({ data: { status: statusOf(account?.state), requirements: account?.requirements ?? [] } });
  },
});

/** Returns the printed state. An account that Stripe has not made, or refused to make, can be opened again. */
function statusOf(state: Exclude<Awaited<ReturnType<typeof payoutAccountOf>>, undefined>["state"] | undefined) {
  if (state === undefined || state === "failed") return "none";
  return state === "creating" ? "incomplete" : state;
}
