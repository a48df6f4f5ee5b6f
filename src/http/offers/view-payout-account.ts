import * as z from "zod";
import { type PayoutAccount, payoutAccountOf } from "../../db/offers/payout-accounts";
import { described } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { offersDialect } from "./dialect";
import { data } from "./envelope";
import { toWaitingPayout, waitingExample, waitingPayout } from "./waiting-payout";

const statuses = ["none", "incomplete", "under_review", "ready", "paused", "gone"] as const;

export const viewPayoutAccount = defineRoute(offersDialect, {
  operationId: "view-payout-account",
  method: "get",
  path: "/me/payout-account",
  ...described(() => ({
    tag: "Payouts",
    summary: "Whether the expert can be paid, and which payouts wait",
    description:
      "`none` until an account was opened; `gone`: Stripe does not show it any more, open another; `requirements` names what Stripe still wants to know. `waiting` lists up to 100 payouts that wait, the oldest first: why, and what the expert can do. `releaseAt` is there where one waits for its release: its date, or for a testimony that is to be completed first, the date from which an operator decides.",
    responses: {
      200: {
        description: "The status",
        schema: data(
          z
            .strictObject({
              status: z.enum(statuses),
              requirements: z.array(z.string()),
              waiting: z.array(waitingPayout),
            })
            .meta({ id: "PayoutAccount" }),
        ),
        example: { data: { status: "incomplete", requirements: ["external_account"], waiting: [waitingExample] } },
      },
    },
  })),
  access: "expert",
  async handle({ edge, caller }) {
    const { account, waiting } = await payoutAccountOf(edge.deps.db, caller.id);
    const requirements = account?.requirements ?? [];
    return ok({ data: { status: statusOf(account?.state), requirements, waiting: waiting.map(toWaitingPayout) } });
  },
});

/** Returns the printed state. An account that Stripe has not made, or refused to make, can be opened again. */
function statusOf(state: PayoutAccount["state"] | undefined) {
  if (state === undefined || state === "failed") return "none";
  return state === "creating" ? "incomplete" : state;
}
