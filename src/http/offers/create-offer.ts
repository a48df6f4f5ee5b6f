import * as z from "zod";
import { testimonyOf, testimonyReads } from "../../db/offers/testimonies";
import { isOfferableTo } from "../../domain/offers/testimony";
import { described } from "../described";
import { created } from "../route";
import { defineRoute } from "../serve";
import { offersDialect } from "./dialect";
import { data } from "./envelope";
import { integer, optional, price, text } from "./fields";
import { offerObject, toOffer } from "./offer-object";
import { testimonyParams } from "./parameters";
import { moment } from "./validity";
import { handOver } from "./visible-testimony";

const notesMax = 2_000;

export const createOffer = defineRoute(offersDialect, {
  operationId: "create-offer",
  method: "post",
  path: "/testimonies/:testimonyId/offers",
  ...described(() => ({
    tag: "Offers",
    summary: "Make an offer",
    description:
      "One live offer per expert and testimony. The client pays the price and the commission on top. From `validUntil` on no payment page is opened for it; one that was opened before can still be paid, and wins, until it ends.",
    bodyExample: {
      price: 149.5,
      deliveryDays: 7,
      notes: "Inspection on site included.",
    },
    responses: { 201: { description: "Offered", schema: data(offerObject) } },
    errors: {
      403: ["region_foreign"],
      404: ["testimony_unknown"],
      409: ["offer_exists"],
      422: ["price_refused", "validity_refused"],
    },
  })),
  access: "expert",
  params: testimonyParams,
  bodyLimitBytes: 16 * 1024,
  body: () =>
    z.object({
      price: price(),
      deliveryDays: integer(1, 365),
      notes: optional(text(notesMax)),
      validUntil: optional(moment()),
    }),
  load: ({ db, params: { testimonyId = "" } }) => testimonyReads(db, testimonyId),
  find: (rows) => testimonyOf(rows) ?? "testimony_unknown",
  permit: (caller, { testimony }) =>
    isOfferableTo(testimony.region, caller.regions ?? []) ? undefined : "region_foreign",
  async handle({ edge, caller, body, found, perform }) {
    const { price, deliveryDays, notes, validUntil } = body;
    const result = await perform({
      name: "create-offer",
      input: {
        ...{ testimonyId: found.aggregateId, caller, priceMinor: price, deliveryDays, notes, validUntil },
        ...handOver(found),
      },
    });
    return result.ok ? created({ data: toOffer(result.value.offer, result.value.expert, edge.deps.nowMs()) }) : result;
  },
});
