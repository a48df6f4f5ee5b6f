import * as details from "../../db/operator/details";
import { described } from "../described";
import { detailed, detailRoute } from "./detail-route";

/** One thing each, with everything that belongs to it. */
export const detailRoutes = [
  detailRoute(
    details.testimonyDetail,
    "view-testimony-of-any",
    "testimonies/:id",
    described(() =>
      detailed(details.testimonyDetail, "TestimonyDetail", "A testimony, with its money and the people concerned"),
    ),
  ),
  detailRoute(
    details.paymentDetail,
    "view-payment-of-any",
    "payments/:id",
    described(() =>
      detailed(
        details.paymentDetail,
        "PaymentDetail",
        "A payment, with its order, refunds, disputes and pending calls",
        "By our id, or the PaymentIntent's.",
      ),
    ),
  ),
  detailRoute(
    details.transferDetail,
    "view-transfer-of-any",
    "transfers/:reference",
    described(() =>
      detailed(
        details.transferDetail,
        "TransferDetail",
        "A transfer, with both entries and what its parties were told",
      ),
    ),
  ),
  detailRoute(
    details.stripeEventDetail,
    "view-stripe-event",
    "stripe-events/:id",
    described(() => detailed(details.stripeEventDetail, "StripeEventDetail", "An event of Stripe's, with its payload")),
  ),
  detailRoute(
    details.deliveryDetail,
    "view-delivery-of-any",
    "webhook-deliveries/:id",
    described(() =>
      detailed(details.deliveryDetail, "DeliveryDetail", "A delivery of any owner, with its attempts and its event"),
    ),
  ),
  detailRoute(
    details.settlementDayDetail,
    "view-settlement-day",
    "settlement-days/:day",
    described(() =>
      detailed(details.settlementDayDetail, "SettlementDayDetail", "A closed day, with its batches and positions"),
    ),
  ),
];
