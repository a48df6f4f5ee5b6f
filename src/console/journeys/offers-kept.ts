import type { OffersClient } from "#offers";
import type { Box } from "./box.ts";
import type { KeptByAll } from "./journey.ts";
import type { OpenPage } from "./people.ts";

/** The values that steps of the offers' journey keep for later ones. */
export interface OffersKept extends KeptByAll {
  box: Box;
  client: OffersClient;
  experts: readonly [OffersClient, OffersClient];
  testimonyId: string;
  offerId: string;
  page: OpenPage;
  isPaidByHand: boolean;
  /** The pages of two offers for one testimony. */
  pages: readonly [OpenPage, OpenPage];
  /** How the sandbox delivered Stripe's events before they were held. */
  eventsMode: string;
}
