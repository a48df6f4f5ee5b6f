import type { transfers, transferWebhooks } from "./schema";

export type Transfer = typeof transfers.$inferSelect;
export type TransferWebhook = typeof transferWebhooks.$inferSelect;

/** A transfer with the records of who is told of it, as every answer shows it (transfers.md 3.2). */
export type TransferView = Transfer & { webhooks: TransferWebhook[] };
