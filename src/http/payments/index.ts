import type { Route } from "../route";

/** The payments contract. A literal path stands before the one that would swallow it. */
export const paymentsRoutes: readonly Route[] = [];
