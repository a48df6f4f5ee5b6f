import * as z from "zod";

/** Names in the path. Anything that is no id of ours is simply unknown. */
export const testimonyParams = z.object({ testimonyId: z.string().meta({ description: "Id of the testimony." }) });
export const offerParams = z.object({ offerId: z.string().meta({ description: "Id of the offer." }) });
