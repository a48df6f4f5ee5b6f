import { Journey, type PaidSession } from "../../journey.ts";
import { Shop, type Transaction } from "../../shop.ts";
import { TransfersJourney } from "../../transfers-journey.ts";
import { Inbox } from "../inbox.ts";
import type { SandboxServer } from "../server.ts";
import { hostile, type Planted, plant } from "./hostile.ts";
import * as stuck from "./stuck.ts";

/** What the console is looked at with: money that moved, and things that wait for a person. */
export interface World {
  journey: Journey;
  accepted: PaidSession;
  /** A testimony whose payout waits, so that an operator may refund it. */
  waiting: PaidSession;
  payment: Transaction;
  order: string;
  transfer: { reference: string; senderTag: string };
  /** A transfer that waits, because its sender's limit refuses it. */
  limited: string;
  /** The day on which the transfer was made, which is not settled. */
  day: string;
  senderId: string;
  developerId: string;
  planted: Planted;
  /** What stands still, each with what a customer names it by. */
  stuck: stuck.Stuck[];
}

/** Makes the world through the API alone, with hostile texts wherever users give any. */
export async function makeWorld({ url, stateDir }: Pick<SandboxServer, "url" | "stateDir">): Promise<World> {
  const journey = new Journey((request) => fetch(request), url);
  const transfers = new TransfersJourney(journey);
  const accepted = await journey.paidOffer();
  await journey.accept(accepted);

  const shop = await Shop.open(journey);
  const inbox = new Inbox(journey, url, "console", { headers: { "X-Developer-Token": shop.token } });
  await inbox.open();
  const payment = await shop.paid({ amount: 2500 });
  await shop.refund(payment, { amount: 500 });
  await journey.advance(60);

  const [sender, receiver] = [
    await transfers.tenant({ name: hostile.markup }),
    await transfers.tenant({ name: hostile.turned }),
  ];
  const { reference, acceptedAt } = await transfers.paid(sender, receiver, {
    narration: hostile.markup,
    externalId: hostile.long,
  });
  const refunds = [await stuck.refundFailed(journey), await stuck.paymentRefundFailed(shop)];

  const planted = await plant(journey, shop, transfers);
  const waiting = await journey.paidOffer({ onboarded: false });
  await journey.accept(waiting);
  const untold = await shop.started({ amount: 1200 });
  const others = [await shop.started({ amount: 1300 }), await shop.started({ amount: 1400 })];
  await journey.advance(60);
  await journey.control("POST", "inbox", { box: "console", mode: "gone" });
  await Promise.all([untold, ...others].map((one) => shop.confirm(one)));
  await journey.advance(49 * 3_600); // a day is settled at the end of the next one
  const limited = await stuck.refusedByLimit(transfers);

  const body = { name: hostile.markup + hostile.long.slice(0, 60), email: `dev-${crypto.randomUUID()}@example.com` };
  const developer = await journey.operator("POST", "/developers", body);
  const unknown = await stuck.paymentUnknown(journey, shop, payment.accountId);
  await journey.advance(11 * 60);
  const unsettled = stuck.dayNotSettled(stateDir, reference);
  return {
    journey,
    accepted,
    waiting,
    payment,
    order: payment.orderId,
    transfer: { reference, senderTag: sender.tag },
    limited: limited.search,
    day: acceptedAt.slice(0, 10),
    senderId: sender.id,
    developerId: developer.body.data.id,
    planted: { ...planted, [`/developers/${developer.body.data.id}`]: [] },
    stuck: [unknown, stuck.payoutHeld(waiting), ...refunds, stuck.deliveryFailing(untold), limited, unsettled],
  };
}
