import { expect } from "vitest";
import { journey } from "../http/checked";
import { TransfersJourney } from "../transfers-journey";
import { boxUrl } from "./owner";

const daySeconds = 24 * 60 * 60;

/** Causes every kind of event that applications' endpoints receive, delivered to a box of the sandbox. */
export async function tellOfTransfers(box: string): Promise<void> {
  const walk = new TransfersJourney(journey);
  const [sender, receiver] = [await walk.tenant(), await walk.tenant()];
  for (const { token } of [sender, receiver]) {
    await journey.must(201, "POST", "/webhook-endpoints", { token, body: { url: boxUrl(box), events: ["*"] } });
  }
  await walk.paid(sender, receiver, { amount: 12.5 });
  expect((await walk.reject(receiver, await walk.initiated(sender, receiver))).status).toBe(200);
  expect((await walk.cancel(sender, await walk.initiated(sender, receiver))).status).toBe(200);
  await walk.initiated(sender, receiver); // nobody answers
  await journey.advance(daySeconds + 60); // it expires, and the day is settled
}
