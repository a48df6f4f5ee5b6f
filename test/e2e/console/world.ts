import { Journey, type PaidSession } from "../../journey.ts";
import { Shop, type Transaction } from "../../shop.ts";
import { TransfersJourney } from "../../transfers-journey.ts";
import { Inbox } from "../inbox.ts";

/** Texts that a page must show as texts: markup, a script's address, marks that turn the direction, and great length. */
export const hostile = {
  markup: `<img src=x onerror="document.title='broken in'"><script>document.title='broken in'</script>`,
  turned: "\u202eevil\u202c javascript:alert(1)",
  long: "x".repeat(150),
};

/** What the console is looked at with: money that moved, and things that wait for a person. */
export interface World {
  journey: Journey;
  accepted: PaidSession;
  /** A testimony whose payout waits, so that an operator may refund it. */
  waiting: PaidSession;
  payment: Transaction;
  order: string;
  transfer: { reference: string; senderTag: string };
  developerId: string;
}

/** Makes the world through the API alone, with hostile texts wherever users give any. */
export async function makeWorld(url: string): Promise<World> {
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
  const { reference } = await transfers.paid(sender, receiver);

  const waiting = await journey.paidOffer({ onboarded: false });
  await journey.accept(waiting);
  await journey.control("POST", "inbox", { box: "console", mode: "gone" });
  await shop.paid({ amount: 1200 });
  await journey.advance(25 * 3_600);

  const body = { name: hostile.markup + hostile.long.slice(0, 60), email: `dev-${crypto.randomUUID()}@example.com` };
  const developer = await journey.operator("POST", "/developers", body);
  await journey.fault("POST /v1/payment_intents", "timeout_before", 1_000);
  await shop.create(await shop.shopper(), {
    order_id: `order-${crypto.randomUUID()}`,
    account_id: payment.accountId,
    amount: 1000,
  });
  await journey.advance(11 * 60);
  return {
    journey,
    accepted,
    waiting,
    payment,
    order: payment.orderId,
    transfer: { reference, senderTag: sender.tag },
    developerId: developer.body.data.id,
  };
}
