import { list } from "../core/list";
import { invalid } from "../core/refusal";
import { type Handler, pathId } from "./call";

export const retrieveEvent: Handler = (call) => call.world.objects.get("event", call.account, pathId(call));

/** `GET /v1/events`, newest first, by one type or by up to twenty. */
export const listEvents: Handler = (call) => {
  const types = call.parameters.texts("types");
  if (types.length > 20) {
    throw invalid("types", "You can filter by at most 20 event types.");
  }
  return list(call.world, call.account, "event", "/v1/events", call.parameters, {
    type: types.length > 0 ? types : call.parameters.text("type"),
  });
};
