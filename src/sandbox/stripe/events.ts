import { list } from "../core/list";
import { invalid, missing } from "../core/refusal";
import { type Handler, pathId } from "./call";

/** Time for which Stripe shows an event: https://docs.stripe.com/api/events */
const SHOWN_SECONDS = 30 * 24 * 60 * 60;

export const retrieveEvent: Handler = (call) => {
  const event = call.world.objects.get("event", call.account, pathId(call));
  if (event.created < call.world.now() - SHOWN_SECONDS) {
    throw missing("event", event.id);
  }
  return event;
};

/** `GET /v1/events`, newest first, by one type or by up to twenty. */
export const listEvents: Handler = (call) => {
  const types = call.parameters.texts("types");
  if (types.length > 20) {
    throw invalid("types", "You can filter by at most 20 event types.");
  }
  const filters = { type: types.length > 0 ? types : call.parameters.text("type") };
  const since = call.world.now() - SHOWN_SECONDS;
  return list(call.world, call.account, "event", "/v1/events", call.parameters, filters, since);
};
