import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { World } from "../../src/sandbox/core/world";
import { emulatorOf } from "../../src/sandbox/emulator-of";
import { type Asker, pick, share } from "./asker";
import type { OffersAction } from "./offers-steps";
import { readStripe } from "./snapshot";

/** Out-of-band steps of clients' banks, experts and other holders of the key. */
const doings = [
  "refund-at-stripe",
  "end-refund",
  "reverse-at-stripe",
  "pay-out-account",
  "set-capability",
  "deauthorize",
  "dispute",
  "close-dispute",
] as const;

export type OutOfBand = Extract<OffersAction, { do: (typeof doings)[number] }>;

export function isOutOfBand(action: { do: string }): action is OutOfBand {
  return (doings as readonly string[]).includes(action.do);
}

/** Takes one of these steps. Steps that Stripe refuses have no effect. */
export async function actOutOfBand(asker: Asker, action: OutOfBand): Promise<void> {
  const stripe = await readStripe();
  const charges = stripe.charges.filter((one) => one.status === "succeeded");
  switch (action.do) {
    case "refund-at-stripe": {
      const charge = pick(charges, action.session);
      const amount = share(charge?.amount ?? 0, action.percent);
      if (charge) await asker.try("refunds", { charge: charge.id, amount, plan: action.plan });
      return;
    }
    case "end-refund": {
      const refund = pick(stripe.refunds, action.refund);
      if (refund) await asker.try("refunds", { refund: refund.id, status: action.status });
      return;
    }
    case "reverse-at-stripe": {
      const transfer = pick(stripe.transfers, action.transfer);
      const amount = share(transfer?.amount ?? 0, action.percent);
      if (transfer) await asker.try("reversals", { transfer: transfer.id, amount });
      return;
    }
    case "pay-out-account": {
      const account = pick(stripe.accounts, action.expert);
      if (account) await asker.try("payouts", { account: account.id });
      return;
    }
    case "set-capability":
      return setCapability(action.expert, action.active);
    case "deauthorize": {
      const account = pick(stripe.accounts, action.expert);
      if (account) await asker.try("accounts", { account: account.id, status: "deauthorized" });
      return;
    }
    case "dispute": {
      const charge = pick(charges, action.session);
      if (!charge) return;
      const part = action.percent === null ? {} : { amount: share(charge.amount, action.percent) };
      return asker.try("disputes", { charge: charge.id, inquiry: action.inquiry, ...part });
    }
    case "close-dispute": {
      const dispute = pick(stripe.disputes, action.dispute);
      if (dispute) await asker.try("disputes", { dispute: dispute.id, status: action.status });
      return;
    }
  }
}

/** Takes a capability of an account away, or gives it back, as Stripe does. */
async function setCapability(at: number, active: boolean): Promise<void> {
  await runInDurableObject(emulatorOf(env), (_, { storage }) => {
    const world = new World(storage.sql);
    const account = pick(world.objects.all("account", "", {}), at);
    if (!account?.details_submitted) return;
    const capabilities = { ...account.capabilities, transfers: active ? ("active" as const) : ("inactive" as const) };
    const { object, previous } = world.change("account", "", account.id, { capabilities });
    world.emit("account.updated", object, { account: account.id, previous });
  });
}
