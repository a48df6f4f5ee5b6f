import type { Route } from "../route";

/** The operator API (decisions X8). */
export const adminRoutes: readonly Route[] = [];
