import { offersOfTestimony, testimonyById } from "../../db/offers/testimony-views";
import { selectUnfinished } from "../../db/offers/unfinished";
import { explainTestimony as explain, explainPayout, explainRow } from "../../domain/explained-rows";
import { described } from "../described";
import { explanationsObject, toExplanations } from "../explanation-object";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { offersDialect } from "./dialect";
import { data } from "./envelope";
import { testimonyParams } from "./parameters";
import { findTestimony, permitReading } from "./visible-testimony";

export const explainTestimony = defineRoute(offersDialect, {
  operationId: "explain-testimony",
  method: "get",
  path: "/testimonies/:testimonyId/explanation",
  ...described(() => ({
    tag: "Testimonies",
    summary: "Why a testimony has not ended",
    description:
      "What it waits for, since when, what happens by itself, and what the caller can do. The client learns of the payments and refunds, the expert of the payout, and neither of the other's.",
    responses: { 200: { description: "The reasons", schema: data(explanationsObject) } },
    errors: { 403: ["not_yours"], 404: ["testimony_unknown"] },
  })),
  access: "user",
  params: testimonyParams,
  load: ({ db, params: { testimonyId = "" } }) => [
    testimonyById(db, testimonyId),
    offersOfTestimony(db, testimonyId),
    ...selectUnfinished(db, testimonyId),
  ],
  find([found, offers, checkouts, refunds, payouts, accounts]) {
    const one = findTestimony(found, offers);
    return typeof one === "string" ? one : { ...one, checkouts, refunds, payouts, accounts };
  },
  permit: permitReading,
  async handle({ caller, found: { testimony, offers, checkouts, refunds, payouts, accounts } }) {
    const { id: testimonyId, clientId, expertId } = testimony;
    const ofClient =
      clientId === caller.id
        ? [
            ...checkouts.flatMap((one) => explainRow("checkout", one, { testimonyId, offerId: one.offerId })),
            ...refunds.flatMap((one) => explainRow("refund", one)),
          ]
        : [];
    const ofExpert =
      expertId === caller.id
        ? [
            ...payouts.flatMap(explainPayout),
            ...accounts.flatMap((one) => explainRow("payout_account", { ...one, id: one.userId })),
          ]
        : [];
    const list = [...explain(testimony, offers), ...ofClient, ...ofExpert];
    return ok({ data: toExplanations(list, caller.role) });
  },
});
