import type { transfers, transferWebhooks } from "./tables";

export type Transfer = typeof transfers.$inferSelect;

export type TransferWebhook = typeof transferWebhooks.$inferSelect;
