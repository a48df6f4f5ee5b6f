import * as z from "zod";

/** Names in the path. A text that is no id of ours counts as unknown. */
export const testimonyParams = z.object({ testimonyId: z.string().meta({ description: "Id of the testimony." }) });
export const offerParams = z.object({ offerId: z.string().meta({ description: "Id of the offer." }) });
export const sessionParams = z.object({ sessionId: z.string().meta({ description: "Stripe's id of the page." }) });
