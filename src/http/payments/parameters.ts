import * as z from "zod";

/** Names in the path. A text that cannot be a name counts as unknown. */
export const orderParams = z.object({ orderId: z.string().meta({ description: "The caller's own id of the order." }) });
export const transactionParams = z.object({ id: z.string().meta({ description: "Id of the transaction." }) });
export const refundParams = z.object({ id: z.string().meta({ description: "Id of the refund." }) });
