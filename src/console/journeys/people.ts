import type { OffersClient, RegisterExpertBody } from "#offers";
import type { Teller } from "./journey.ts";

type Server = Teller["server"];

/** The client is loaded when the first journey is told, so that the page is there sooner. */
const client = () => import("#offers");

/** The sandbox's operator, whose token is refused by every deployment. */
export const operatorToken = "admin_sandbox";

/** Makes an address that nobody has yet. */
export function newEmail(role: string): string {
  return `${role}-${crypto.randomUUID().slice(0, 13)}@example.com`;
}

/** Registers a client. Returns the client's typed client. */
export async function registerClient(server: Server): Promise<OffersClient> {
  const { createOffers } = await client();
  const { data } = await createOffers(server).registerClient({ body: newPerson("client") });
  return createOffers({ ...server, token: data.token });
}

export async function registerExpert(server: Server, regions: RegisterExpertBody["regions"]): Promise<OffersClient> {
  const { createOffers } = await client();
  const { data } = await createOffers(server).registerExpert({
    body: {
      ...newPerson("expert"),
      phone: newPhone(),
      firstName: "Petra",
      lastName: "Vzorová",
      dateOfBirth: { day: 1, month: 2, year: 1980 },
      billingAddress: { line1: "Hlavná 1", city: "Bratislava", postalCode: "811 01", country: "SK" },
      company: { businessId: "12345678", taxId: "2020202020" },
      bankAccount: { iban: "SK0809000000000123123123" },
      registrationNumber: "910001",
      regions,
    },
  });
  return createOffers({ ...server, token: data.token });
}

function newPerson(role: string) {
  const password = "correct-horse-9";
  const agreed = { newsletterSubscribed: false, termsAgreed: true as const };
  return { email: newEmail(role), password, passwordConfirmation: password, ...agreed };
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
  const { data } = await client.startCheckout({
    path: { offerId },
    body: {
      phone: newPhone(),
      firstName: "Jana",
      lastName: "Vzorová",
      billingAddress: { line1: "Dlhá 2", city: "Nitra", postalCode: "949 01", country: "SK" },
    },
  });
  return { client, url: data.url, sessionId: data.url.split("/").at(-1) ?? "" };
}

function newPhone(): string {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  return `+42190${String(random % 10_000_000).padStart(7, "0")}`;
}

export function accept({ client, sessionId }: OpenPage): Promise<void> {
  return client.acceptOffer({ body: { sessionId } });
}

/** Returns what tells whether something thrown is a refusal to accept an offer. */
export async function refusalsToAccept() {
  const { isRefusal } = await client();
  return (thrown: unknown) => isRefusal(thrown, "acceptOffer");
}

/** Fills in the payment page. */
export function pay(teller: Teller, { url }: OpenPage, cardNumber: string) {
  return teller.submit(url, { cardNumber, expiry: "12/34", cvc: "123", name: "Jana Vzorová" });
}

export const cards = { good: "4242424242424242", declined: "4000000000000002" };
