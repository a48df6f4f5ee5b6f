import type { offers, testimonies } from "./schema";

export type Testimony = typeof testimonies.$inferSelect;
export type Offer = typeof offers.$inferSelect;
