import type Stripe from "stripe";
import { newId } from "../core/id";
import { PLATFORM } from "../core/objects";
import { refused } from "../core/refusal";
import { connectedAccount } from "./accounts";
import { type Handler, pathId } from "./call";
import { ACCOUNT_LINK_SECONDS } from "./delays";

/** The emulator's record of a link, of which Stripe shows only address and expiry. */
export interface LinkTarget {
  account: string;
  returnUrl: string | null;
  refreshUrl: string | null;
  used: boolean;
}

/** `POST /v1/account_links`: makes an address at which a person goes through onboarding, once. */
export const createAccountLink: Handler = ({ world, parameters }) => {
  const account = connectedAccount(world, parameters.required("account")).id;
  const id = newId("al_");
  const link: Stripe.AccountLink = {
    object: "account_link",
    created: world.now(),
    expires_at: world.now() + ACCOUNT_LINK_SECONDS,
    url: `${world.origin()}/sandbox/onboarding/${id}`,
  };
  const target: LinkTarget = {
    account,
    returnUrl: parameters.text("return_url"),
    refreshUrl: parameters.text("refresh_url"),
    used: false,
  };
  world.objects.insert("account_link", PLATFORM, id, link.created, link, target);
  return link;
};

/**
 * `POST /v1/accounts/:id/login_links`: only for accounts that have completed onboarding, and have the Express
 * dashboard.
 */
export const createLoginLink: Handler = (call) => {
  const account = connectedAccount(call.world, pathId(call));
  if (!account.details_submitted) {
    throw refused(undefined, "Cannot create a login link for an account that has not completed onboarding.");
  }
  if (account.controller?.stripe_dashboard?.type !== "express") {
    throw refused(undefined, "Cannot create a login link for an account without access to the Express Dashboard.");
  }
  return {
    object: "login_link",
    created: call.world.now(),
    url: `${call.world.origin()}/sandbox/dashboard/${account.id}`,
  } satisfies Stripe.LoginLink;
};
