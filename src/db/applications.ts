import type { applications, subjects, tags } from "./schema";

export type Application = typeof applications.$inferSelect;
export type Subject = typeof subjects.$inferSelect;
export type Tag = typeof tags.$inferSelect;
