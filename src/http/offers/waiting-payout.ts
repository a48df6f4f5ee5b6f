import * as z from "zod";
import type { Payout } from "../../db/offers/testimonies";
import { holdReasons, holdSteps, toDo, wantedMinor } from "../../domain/offers/payout";
import { forDescription } from "../described";
import { euros, toEuros } from "./offer-object";
import { timestamp, toTimestamp } from "./timestamp";

/** A payout that waits, as its expert sees it. */
export const waitingPayout = forDescription(() =>
  z
    .strictObject({
      testimonyId: z.uuid(),
      payoutId: z.uuid(),
      amount: euros,
      reasons: z.array(z.enum(holdReasons)),
      toDo: z.array(z.enum(holdSteps)),
      releaseAt: timestamp.nullable(),
    })
    .meta({ id: "WaitingPayout" }),
);

export const waitingExample = {
  testimonyId: "0193a4c5-7d21-8e3a-9b60-4f0d2c1a8b77",
  payoutId: "0193a4c5-9e02-8e3a-a1f4-6d3b5e7c9a10",
  amount: 149.5,
  reasons: ["not_released"],
  toDo: ["complete_testimony"],
  releaseAt: "2026-03-16T10:30:00+00:00",
};

export function toWaitingPayout(payout: Payout) {
  const { testimonyId, id: payoutId, holds: reasons, releaseOn, releaseAt } = payout;
  const isAwaited = reasons.includes("not_released") && releaseAt !== null;
  return {
    testimonyId,
    payoutId,
    amount: toEuros(wantedMinor(payout)),
    reasons,
    toDo: toDo(reasons, releaseOn),
    releaseAt: isAwaited ? toTimestamp(releaseAt) : null,
  };
}
