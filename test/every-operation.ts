import { everyAccountOperation } from "./every-operation/accounts.ts";
import { type Costed, type LogLine, Meter } from "./every-operation/meter.ts";
import { everyOffersOperation } from "./every-operation/offers.ts";
import { everyOperatorRead } from "./every-operation/operator-reads.ts";
import { everyMethodOperation } from "./every-operation/payment-methods.ts";
import { everyPaymentOperation } from "./every-operation/payments.ts";
import { everyRestoreOperation } from "./every-operation/restore.ts";
import { everyTransferOperation } from "./every-operation/transfers.ts";
import type { Journey } from "./journey.ts";

/**
 * Performs every operation once, and some in further cases, and returns the cost of each. `logged` returns what the
 * Worker has logged so far.
 */
export async function everyOperation(journey: Journey, logged: () => LogLine[]): Promise<Costed[]> {
  const meter = new Meter(journey, logged);
  await everyOffersOperation(meter);
  await everyPaymentOperation(meter);
  await everyMethodOperation(meter);
  await everyAccountOperation(meter);
  await everyTransferOperation(meter);
  await everyOperatorRead(meter);
  await everyRestoreOperation(meter);
  await meter.idle("(cron) sweep with nothing due");
  return meter.costs;
}
