import type { Answer, Journey, OfferOnTable, PaidSession } from "../../journey.ts";
import { Shop, type Shopper, type Transaction } from "../../shop.ts";
import { type Tenant, TransfersJourney } from "../../transfers-journey.ts";

/** The state before the snapshot, and the persons who continue with it. */
export interface World {
  journey: Journey;
  shop: Shop;
  seat: { accountId: string; shopper: Shopper };
  transfers: TransfersJourney;
  tenants: [Tenant, Tenant];
  /** Offers that nobody has paid, pages that nobody has paid, and offers that were accepted. */
  onTable: OfferOnTable[];
  pages: PaidSession[];
  accepted: PaidSession[];
  /** Accepted, and the expert has no account yet. */
  unpaid: PaidSession[];
  paid: Transaction[];
  authorised: Transaction[];
}

/** Fills a sandbox that was just emptied. */
export async function fill(journey: Journey): Promise<World> {
  const shop = await Shop.open(journey);
  const seat = { accountId: await shop.account(), shopper: await shop.shopper() };
  const transfers = new TransfersJourney(journey);
  const tenants: World["tenants"] = [await transfers.tenant(), await transfers.tenant()];
  await transfers.paid(...tenants);
  const world: World = {
    journey,
    shop,
    seat,
    transfers,
    tenants,
    onTable: await several(3, () => journey.offerOnTable()),
    pages: await several(2, async () => journey.checkout(await journey.offerOnTable())),
    accepted: await several(3, () => acceptOffer(journey)),
    unpaid: [],
    paid: await several(4, () => shop.paid({}, seat)),
    authorised: await several(2, () => shop.paid({ capture_method: "manual" }, seat)),
  };
  const expert = await journey.registerExpert();
  world.unpaid = await several(2, () => acceptOffer(journey, { expert, onboarded: false }));
  await journey.advance(60);
  return world;
}

/** An offer from the table to acceptance. */
export async function acceptOffer(
  journey: Journey,
  options: Parameters<Journey["offerOnTable"]>[0] = {},
): Promise<PaidSession> {
  const session = await journey.paidOffer(options);
  mustBe(204, await journey.accept(session));
  return session;
}

/** The answer, which must have this status. */
export function mustBe(status: number, answer: Answer): Answer {
  if (answer.status === status) return answer;
  throw new Error(`${answer.status} instead of ${status}: ${JSON.stringify(answer.body)}`);
}

async function several<T>(count: number, make: () => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  for (let one = 0; one < count; one += 1) made.push(await make());
  return made;
}
