import { ofPlatform } from "../lock-keys";
import { operation } from "../operation";
import { catchUpPlatform } from "./catch-up-platform";
import { closeStripeEvent } from "./close-stripe-event";
import { processStripeEvent } from "./process-stripe-event";
import { recordStripeEvent } from "./record-stripe-event";
import { replayStripeEvent } from "./replay-stripe-event";

/** The operations around Stripe's events. */
export const stripeEventOperations = {
  "record-stripe-event": operation(recordStripeEvent),
  "process-stripe-event": operation(processStripeEvent),
  "close-stripe-event": operation(closeStripeEvent),
  "replay-stripe-event": operation(replayStripeEvent),
  "catch-up-platform": operation(catchUpPlatform, { key: ofPlatform }), // one at a time: two would read the same
};
