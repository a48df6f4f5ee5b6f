import type Stripe from "stripe";
import { newId } from "../core/id";
import { list } from "../core/list";
import { PLATFORM } from "../core/objects";
import type { Parameters } from "../core/parameters";
import { invalid, missing } from "../core/refusal";
import type { World } from "../core/world";
import { type Call, type Handler, pathId } from "./call";
import { attach } from "./payment-methods";
import { methodFor } from "./usable-method";

/** `POST /v1/customers`, with a first payment method if one is given. */
export const createCustomer: Handler = (call) => {
  const { world, account, parameters } = call;
  const id = newId("cus_", 14);
  const customer: Stripe.Customer = {
    id,
    object: "customer",
    address: null,
    balance: 0,
    created: world.now(),
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: parameters.text("description"),
    discount: null,
    email: emailOf(parameters),
    invoice_prefix: id.slice(-8).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: false,
    metadata: parameters.metadata(),
    name: parameters.text("name"),
    next_invoice_sequence: 1,
    phone: parameters.text("phone"),
    preferred_locales: parameters.texts("preferred_locales"),
    shipping: null,
    tax_exempt: "none",
    test_clock: null,
  };
  world.insert("customer", account, customer);
  world.emit("customer.created", customer, { account });
  const given = parameters.text("payment_method");
  if (given !== null) {
    attach(world, account, methodFor(world, account, given, "payment_method"), id);
  }
  return customer;
};

function emailOf(parameters: Parameters): string | null {
  const email = parameters.text("email");
  if (email !== null && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
    throw invalid("email", `Invalid email address: ${email}`, "email_invalid");
  }
  return email;
}

/** Returns the customer that a parameter names, or null if it names none. */
export function customerNamed(world: World, account: string, id: string | null): string | null {
  return id === null ? null : world.objects.get("customer", account, id, "customer").id;
}

function ownCustomer(call: Call): Stripe.Customer {
  return call.world.objects.get("customer", call.account, pathId(call));
}

/** `GET /v1/customers/:id`: for a deleted one the answer says only that. */
export const retrieveCustomer: Handler = (call) =>
  call.world.objects.find("deleted_customer", call.account, pathId(call)) ?? ownCustomer(call);

/**
 * Deletes a customer as in the dashboard. Stripe documents neither what its methods show afterwards nor any event about
 * them: here they still name the customer, no event is sent, and nothing can be paid with them.
 */
export function deleteCustomer(world: World, id: string): Stripe.DeletedCustomer {
  const account = world.objects.ownerOf(id) ?? PLATFORM;
  const customer = world.objects.get("customer", account, id);
  const left: Stripe.DeletedCustomer = { id, object: "customer", deleted: true };
  world.objects.remove(id);
  world.objects.insert("deleted_customer", account, id, world.now(), left);
  world.emit("customer.deleted", customer, { account });
  return left;
}

export const listCustomers: Handler = (call) =>
  list(call.world, call.account, "customer", "/v1/customers", call.parameters, {
    email: call.parameters.text("email"),
  });

export const updateCustomer: Handler = (call) => {
  const { world, account, parameters } = call;
  const customer = ownCustomer(call);
  const preferred = parameters.child("invoice_settings").text("default_payment_method");
  if (preferred !== null && !isOwn(world, account, customer.id, preferred)) {
    throw missing("payment_method", preferred, "invoice_settings[default_payment_method]");
  }
  const { object, previous } = world.change("customer", account, customer.id, {
    metadata: parameters.mergedMetadata(customer.metadata),
    ...(parameters.has("email") && { email: emailOf(parameters) }),
    ...(parameters.has("name") && { name: parameters.text("name") }),
    ...(parameters.has("phone") && { phone: parameters.text("phone") }),
    ...(parameters.has("description") && { description: parameters.text("description") }),
    ...(preferred !== null && {
      invoice_settings: { ...customer.invoice_settings, default_payment_method: preferred },
    }),
  });
  world.emit("customer.updated", object, { account, previous });
  return object;
};

function isOwn(world: World, account: string, customer: string, method: string): boolean {
  return world.objects.find("payment_method", account, method)?.customer === customer;
}

/** `GET /v1/customers/:id/payment_methods`. */
export const listCustomersMethods: Handler = (call) => {
  const { id } = ownCustomer(call);
  return list(call.world, call.account, "payment_method", `/v1/customers/${id}/payment_methods`, call.parameters, {
    customer: id,
    type: call.parameters.text("type"),
  });
};
