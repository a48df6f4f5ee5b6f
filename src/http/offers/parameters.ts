import * as z from "zod";
import { madeOnce } from "../../domain/made-once";
import { forDescription } from "../described";

/** Names in the path. A text that is no id of ours counts as unknown. */
export const testimonyParams = madeOnce(() =>
  z.object({
    testimonyId: z.string().meta(forDescription(() => ({ description: "Id of the testimony." }))),
  }),
);
export const offerParams = madeOnce(() =>
  z.object({
    offerId: z.string().meta(forDescription(() => ({ description: "Id of the offer." }))),
  }),
);
export const sessionParams = () =>
  z.object({
    sessionId: z.string().meta(forDescription(() => ({ description: "Stripe's id of the page." }))),
  });
