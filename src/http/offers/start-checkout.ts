import * as z from "zod";
import { testimonyOf } from "../../db/offers/testimonies";
import { readsOfOffer } from "../../db/offers/testimony-views";
import { ownerOfPhone } from "../../db/offers/users";
import { described, forDescription } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { offersDialect } from "./dialect";
import { data } from "./envelope";
import { address, company, orNull, phone, shippingAddress, text, unused } from "./fields";
import { offerParams } from "./parameters";
import { loadNumberingPlans } from "./phone";
import { handOver, permitOwner } from "./visible-testimony";

/** Its names are those beside it. */
const billingAddress = () =>
  address()
    .extend({ firstName: unused(), lastName: unused() })
    .transform(({ firstName: _, lastName: __, ...kept }) => kept);

export const startCheckout = defineRoute(offersDialect, {
  operationId: "start-checkout",
  method: "post",
  path: "/testimonies/offers/:offerId/checkout",
  ...described(() => ({
    tag: "Offers",
    summary: "Pay for an offer",
    description:
      "Answers the address of a hosted payment page for the price and the commission. The page is opened with the e-mail address of the account. The same input again answers the same page while it is open.",
    bodyExample: {
      phone: "+421901234567",
      firstName: "Jana",
      lastName: "Nová",
      billingAddress: { line1: "Farská 12", line2: "", city: "Nitra", postalCode: "949 01", country: "SK" },
      company: { businessId: "12345678", taxId: "2020123456", vatId: "SK2020123456" },
    },
    responses: {
      200: {
        description: "The payment page",
        schema: data(z.strictObject({ url: z.string() })),
        example: { data: { url: "https://checkout.stripe.com/c/pay/cs_test_a1" } },
      },
    },
    errors: {
      403: ["not_yours"],
      404: ["offer_unknown"],
      409: ["payment_in_progress", "state_wrong"],
      422: ["offer_expired", "phone_taken"],
      500: ["stripe_unavailable"],
    },
  })),
  access: "client",
  params: offerParams,
  prepare: loadNumberingPlans,
  bodyLimitBytes: 32 * 1024,
  body: () =>
    z.object({
      phone: phone().meta(
        forDescription(() => ({
          description: "Must be neither the caller's own, nor one that another user has paid with.",
        })),
      ),
      firstName: text(),
      lastName: text(),
      billingAddress: billingAddress(),
      shippingAddress: orNull(shippingAddress()),
      company: orNull(company()),
    }),
  load: ({ db, params: { offerId = "" }, body }) => [ownerOfPhone(db, body?.phone ?? ""), ...readsOfOffer(db, offerId)],
  find([[payer], ...rows]) {
    const aggregate = testimonyOf(rows);
    return aggregate ? { ...aggregate, payerId: payer?.userId } : "offer_unknown";
  },
  permit: permitOwner,
  async handle({ caller, params: { offerId = "" }, body, found: { payerId = caller.id, ...found }, perform }) {
    const { phone, firstName, lastName, billingAddress, company } = body;
    if (phone === caller.phone || payerId !== caller.id) return { refusal: "phone_taken" };
    const shippingAddress = body.shippingAddress ?? billingAddress;
    const result = await perform({
      name: "start-checkout",
      input: {
        testimonyId: found.aggregateId,
        offerId,
        userId: caller.id,
        input: { email: caller.email, phone, firstName, lastName, billingAddress, shippingAddress, company },
        ...handOver(found),
      },
    });
    return result.ok ? ok({ data: { url: result.value.url } }) : result;
  },
});
