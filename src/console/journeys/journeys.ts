import type { Journey } from "./journey.ts";
import { offers } from "./offers.ts";
import { payments } from "./payments.ts";
import { transfers } from "./transfers.ts";

/** The stories of the three contracts, in the order in which they are told. */
export const journeys: readonly Journey[] = [offers, payments, transfers];
