import * as z from "zod";
import { type MessageType, messageTypes } from "../../domain/transfers/message";
import { forDescription } from "../described";
import { instant } from "./print-success";
import { transferObject } from "./transfer-object";

const summaries: Record<MessageType, string> = {
  TRANSACTION_INITIATED: "The receiver, at its `transactionWebhookUrl`, is asked to accept or reject a payment.",
  TRANSACTION_COMPLETED: "The sender, at its `callbackUrl`, hears that the payment was accepted.",
  TRANSACTION_REJECTED: "The sender hears that it was rejected.",
  TRANSACTION_CANCELLED: "Both sides hear that the sender took it back before it was answered.",
  TRANSACTION_EXPIRED: "The sender hears that nobody answered in time.",
};

const headers = z.object({
  "X-IDaaS-Timestamp": z
    .string()
    .regex(/^\d+$/)
    .meta(forDescription(() => ({ description: "Seconds since 1970, when it was signed." }))),
  "X-IDaaS-Signature": z
    .string()
    .regex(/^v0=[0-9a-f]{64}(,v0=[0-9a-f]{64}){0,4}$/)
    .meta(
      forDescription(() => ({
        description:
          "`v0=` and the HMAC-SHA256 of `v0:<X-IDaaS-Timestamp>:<body>` under the `webhookSecret` as it was shown. During an overlap that the application asked for there is one for each valid secret, separated by commas.",
      })),
    ),
  "X-IDaaS-Event": z.enum(messageTypes),
  "X-IDaaS-Delivery": z
    .uuid()
    .meta(forDescription(() => ({ description: "The same in every attempt: the record's id." }))),
});

/** The body of such a message: the transaction as it was at the event. */
export const transferMessage = z
  .strictObject({
    eventId: z.uuid(),
    eventType: z.enum(messageTypes),
    direction: z.enum(["RECEIVER", "SENDER"]),
    occurredAt: instant,
    transaction: transferObject.omit({ webhooks: true }),
  })
  .meta(forDescription(() => ({ id: "TransactionMessage" })));

/** Describes the contract's own messages to applications, for `webhooks` of OpenAPI. */
export function describeMessages() {
  const content = {
    "application/json": { schema: transferMessage },
    "application/jose": {
      schema: z.string().meta(forDescription(() => ({ description: "The same as a JWE, where encryption is on." }))),
    },
  };
  return Object.fromEntries(
    messageTypes.map((type) => [
      type,
      {
        post: {
          operationId: `receive-${type.toLowerCase().replace("_", "-")}`,
          summary: summaries[type],
          tags: ["Events"],
          security: [],
          requestParams: { header: headers },
          requestBody: { required: true, content },
          responses: { "2XX": { description: "Received. The answer to the payment is another request." } },
        },
      },
    ]),
  );
}
