import type { Route } from "../route";
import { viewRoot } from "./view-root";
import { viewStatus } from "./view-status";

/** The root and the status, which belong to no contract. */
export const statusRoutes: readonly Route[] = [viewRoot, viewStatus];
