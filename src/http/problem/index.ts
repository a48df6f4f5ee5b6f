import type { Route } from "../route";
import { receiveStripeEvent } from "./receive-stripe-event";
import { viewRoot } from "./view-root";
import { viewStatus } from "./view-status";

/** The routes that belong to no contract. */
export const problemRoutes: readonly Route[] = [viewRoot, viewStatus, receiveStripeEvent];
