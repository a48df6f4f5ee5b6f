import {
  createOffers,
  isRefusal,
  type OffersClient,
  type RegisterExpertBody,
} from "../../dist/assets/client/offers.ts";
import { checkoutBody, newClient, newExpert } from "../journey.ts";
import type { Narrator } from "./narrate.ts";

type Server = Narrator["server"];

/** Registers a client. Returns the client's typed client. */
export async function registerClient(server: Server): Promise<OffersClient> {
  const { data } = await createOffers(server).registerClient({ body: newClient() });
  return createOffers({ ...server, token: data.token });
}

export async function registerExpert(server: Server, regions: RegisterExpertBody["regions"]): Promise<OffersClient> {
  const { data } = await createOffers(server).registerExpert({ body: { ...newExpert(), regions } });
  return createOffers({ ...server, token: data.token });
}

export async function askForTestimony(client: OffersClient): Promise<string> {
  const { data } = await client.createTestimony({
    body: {
      purpose: "mortgage",
      realEstate: {
        type: "house",
        properties: { parcelCount: 1, storeyCount: 2, otherBuildingCount: 0, detachedGarageCount: 0 },
        address: { line1: "Hlavná 1", city: "Bratislava", postalCode: "811 01" },
        region: "ba",
      },
    },
  });
  return data.id;
}

/** A payment page that a client has opened. */
export interface OpenPage {
  client: OffersClient;
  url: string;
  sessionId: string;
}

export async function checkOut(client: OffersClient, offerId: string): Promise<OpenPage> {
  const { data } = await client.startCheckout({ path: { offerId }, body: checkoutBody() });
  return { client, url: data.url, sessionId: data.url.split("/").at(-1) ?? "" };
}

export function accept({ client, sessionId }: OpenPage): Promise<void> {
  return client.acceptOffer({ body: { sessionId } });
}

export function isNotAccepted(thrown: unknown) {
  return isRefusal(thrown, "acceptOffer");
}
