import type { Errand } from "../domain/errand";
import { deliverEvent } from "./deliver-event";
import { deliverTransfer } from "./deliver-transfer";
import type { Delivered, DeliveryDeps } from "./delivery";

/** Goes an errand: makes one attempt, if it is time, and writes down how it went. A doubled message is harmless. */
export async function deliver(deps: DeliveryDeps, errand: Errand): Promise<Delivered> {
  return errand.kind === "event" ? deliverEvent(deps, errand) : deliverTransfer(deps, errand);
}
