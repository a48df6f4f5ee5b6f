import type Stripe from "stripe";
import { newId } from "../core/id";
import type { Parameters } from "../core/parameters";
import type { World } from "../core/world";

/** Makes a line item with a price of its own (`price_data`). The sandbox has no catalogue of prices. */
export function newLineItem(world: World, parameters: Parameters): Stripe.LineItem {
  const data = parameters.child("price_data");
  const quantity = parameters.requiredAmount("quantity");
  const currency = data.currency();
  const unitAmount = data.requiredNonNegative("unit_amount");
  const amount = unitAmount * quantity;
  return {
    id: newId("li_"),
    object: "item",
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency,
    description: data.child("product_data").required("name"),
    metadata: parameters.metadata(),
    price: newPrice(world, data, currency, unitAmount),
    quantity,
  };
}

function newPrice(world: World, data: Parameters, currency: string, unitAmount: number): Stripe.Price {
  return {
    id: newId("price_"),
    object: "price",
    active: false,
    billing_scheme: "per_unit",
    created: world.now(),
    currency,
    custom_unit_amount: null,
    livemode: false,
    lookup_key: null,
    metadata: {},
    nickname: data.child("product_data").text("description"),
    product: newId("prod_", 14),
    recurring: null,
    tax_behavior: "unspecified",
    tiers_mode: null,
    transform_quantity: null,
    type: "one_time",
    unit_amount: unitAmount,
    unit_amount_decimal: null,
  };
}
