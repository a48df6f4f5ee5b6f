import * as z from "zod";
import { madeOnce } from "../../domain/made-once";
import type { RecoveredPage } from "../../operations/restore/recover-lost-time";
import { described, forDescription } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { adminDialect } from "./dialect";

const place = madeOnce(() =>
  z.strictObject({
    list: z.enum(["accounts", "sessions", "intents", "transfers", "refunds"]),
    account: z
      .string()
      .max(64)
      .nullable()
      .meta(forDescription(() => ({ description: "Ours of a connected account, or null." }))),
    after: z
      .string()
      .max(255)
      .nullable()
      .meta(forDescription(() => ({ description: "The object that was read last." }))),
  }),
);

const outcomes = ["known", "linked", "rebuilt", "returned", "unpaid", "pending", "open", "taken", "nobody"] as const;

export const recoverLostTime = defineRoute(adminDialect, {
  operationId: "recover-lost-time",
  method: "post",
  path: "/admin/restore/recover",
  ...described(() => ({
    tag: "Operator",
    summary: "Look through one page of what Stripe has made in the lost time",
    description:
      "Each object of ours is brought to where it belongs: `known` is asked about in the ordinary way, `linked` and `rebuilt` have their row again, `returned` went back to who had paid, `unpaid` moves nothing, `pending` is returned when its bank has paid, `open` must be searched again, `taken` has been replaced meanwhile, and of `nobody` everything that it names is lost. Send `next` as `place` until it is null. The same page again changes nothing.",
    bodyExample: { place: { list: "accounts", account: null, after: null } },
    responses: {
      200: {
        description: "What was found",
        schema: z.strictObject({
          data: z.strictObject({
            place: place(),
            found: z.array(z.strictObject({ id: z.string(), outcome: z.enum(outcomes) })),
            next: place().nullable(),
          }),
        }),
      },
    },
    errors: { 409: ["state_wrong"] },
  })),
  access: "operator",
  keyed: false,
  evenInRecovery: true,
  body: () => z.strictObject({ place: place().optional() }),
  async handle({ caller, body, perform }) {
    const { list, account, after } = body.place ?? { list: "accounts" as const, account: null, after: null };
    const input = { place: { list, accountId: account, after }, operator: caller.name };
    const result = await perform({ name: "recover-lost-time", input });
    return result.ok ? ok({ data: print(result.value) }) : result;
  },
});

function print({ place: here, found, next }: RecoveredPage) {
  return { place: printPlace(here), found, next: next && printPlace(next) };
}

function printPlace({ list, accountId, after }: RecoveredPage["place"]): z.output<ReturnType<typeof place>> {
  return { list, account: accountId, after };
}
