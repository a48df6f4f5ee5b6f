import { type Meter, operator } from "./meter.ts";

/** The operator says that the database was put back, has one list looked through, and lets changes go on. */
export async function everyRestoreOperation(meter: Meter): Promise<void> {
  const ask = meter.ask.bind(meter);
  const { nowSeconds } = (await meter.journey.control("GET", "clock")).body;
  const body = { restored_to: new Date(nowSeconds * 1000).toISOString() };
  await ask("mark-restored", 200, "POST", "/admin/restore", operator, body);
  await ask("view-restore", 200, "GET", "/admin/restore", operator);
  const place = { list: "refunds", account: null, after: null };
  await ask("recover-lost-time, of a few refunds", 200, "POST", "/admin/restore/recover", operator, { place });
  await ask("end-recovery", 204, "POST", "/admin/restore/end", operator);
}
