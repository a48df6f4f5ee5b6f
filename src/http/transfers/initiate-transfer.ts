import * as z from "zod";
import { partyReads } from "../../db/transfers/parties";
import { fitsCurrency } from "../../domain/transfers/transfer-amount";
import { described, forDescription } from "../described";
import { freeForm } from "../free-form";
import { defineRoute } from "../serve";
import { transfersDialect } from "./dialect";
import { amount, externalId, optionalCurrency, orNull, tagAddress, text } from "./fields";
import { envelopeOf, succeedWithNew } from "./print-success";
import { refuseTarget } from "./target";
import { toTransfer, transferObject } from "./transfer-object";

export const initiateTransfer = defineRoute(transfersDialect, {
  operationId: "initiate-transfer",
  method: "post",
  path: "/transactions",
  ...described(() => ({
    tag: "Transactions",
    summary: "Ask another tag's application to take a payment",
    description:
      "Nothing moves before it is accepted. Sixty a minute for each application; RateLimit says how many are left. The idempotency key may stand in the body instead of the header. `externalId` names one transaction of the application for ever, and `metadata` is whatever else it wants to find with it; neither is shown to the receiver.",
    bodyExample: {
      senderTag: "@alice",
      receiverTag: "bob@shopapp",
      amount: 1500,
      currency: "NGN",
      narration: "School fees",
      callbackUrl: "https://wallet.example.com/webhooks/transactions",
    },
    responses: { 201: { description: "Awaiting acceptance", schema: envelopeOf(transferObject) } },
    errors: {
      403: ["NOT_TAG_OWNER"],
      404: ["TAG_NOT_FOUND"],
      409: ["AMBIGUOUS_TAG", "DUPLICATE_TRANSACTION"],
      422: ["SELF_TRANSFER_NOT_ALLOWED", "UNSUPPORTED_CURRENCY"],
    },
  })),
  access: "application",
  bodyLimitBytes: 32 * 1024,
  body: () =>
    z
      .object({
        senderTag: tagAddress().meta(forDescription(() => ({ description: "One of the application's own." }))),
        receiverTag: tagAddress(),
        amount: amount(),
        currency: optionalCurrency(),
        narration: orNull(text(500)),
        callbackUrl: orNull(text(500)).meta(
          forDescription(() => ({ format: "uri", description: "Where the sender hears how it ended." })),
        ),
        externalId: orNull(externalId()),
        metadata: orNull(freeForm()),
        idempotencyKey: orNull(text(64)),
      })
      .superRefine(({ amount, currency }, context) => {
        if (fitsCurrency(amount, currency)) return;
        context.addIssue({
          code: "custom",
          path: ["amount"],
          message: `must be whole: ${currency} has no minor units`,
        });
      }),
  bodyKey: "idempotencyKey",
  load: ({ db, body, subject = "" }) => {
    const { senderTag = "", receiverTag = "", externalId = null } = body ?? {};
    return partyReads(db, { applicationId: subject, senderTag, receiverTag, externalId });
  },
  find: (known) => ({ known }),
  quota: { name: "initiate", count: ({ quotas }, { id }, uses) => quotas.initiate(id, uses) },
  async handle({ edge, caller, body, found, takeUse, perform }) {
    const refused = refuseTarget(edge, "callbackUrl", body.callbackUrl);
    if (refused) return refused;
    const stop = await takeUse();
    if (stop) return stop;
    const { idempotencyKey: _, ...terms } = body;
    const result = await perform({
      name: "initiate-transfer",
      input: { ...terms, ...found, applicationId: caller.id },
    });
    return result.ok ? succeedWithNew(edge, "Transaction initiated", toTransfer(result.value, caller)) : result;
  },
});
