import type { Cost } from "../cost.ts";

/** Costs that are not counted in rows: measured elsewhere or assumed, which is printed beside them. */
export interface Time {
  cpuMs: number;
  objectSeconds: number;
}

/** Assumed durations in a deployment: a D1 round trip near the database, a Stripe call. */
export const roundTripSeconds = 0.005;
export const stripeCallSeconds = 0.3;

/** The meter counts messages; the platform bills each one written, read and deleted. */
const operationsPerMessage = 3;

/** Computes dollars per million operations, before allowances, with one request and one log event each. */
export function dollarsPerMillion(cost: Cost, { cpuMs, objectSeconds }: Time): number {
  const requests = 1;
  const logEvents = 1;
  return (
    0.3 * requests +
    0.02 * cpuMs +
    0.001 * cost.rowsRead +
    1.0 * cost.rowsWritten +
    0.15 * cost.hops +
    1.6 * objectSeconds +
    0.4 * cost.queueOperations * operationsPerMessage +
    0.6 * logEvents
  );
}

/**
 * Computes the longest time for which the object is held, as if every round trip and call of the operation happened
 * inside it.
 */
export function objectSecondsOf({ hops, roundTrips, stripeCalls }: Cost): number {
  return hops === 0 ? 0 : roundTrips * roundTripSeconds + stripeCalls * stripeCallSeconds;
}
