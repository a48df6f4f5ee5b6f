import type { Chance } from "../../e2e/kill/chance";
import type { Answer, Person } from "../../journey";
import { rows } from "../../operations/rows";
import { journey } from "../checked";
import { copyRow, newRow } from "./copy-row";
import { byMember, createdFilters, type ListCase, pathWith, type Query } from "./list-case";

const inMeta = {
  refused: 422,
  ids: ["id"],
  rowsOf: (body: Answer["body"]) => body.data,
  hasMore: (body: Answer["body"]) => body.meta.has_more,
} as const;

const asks = (path: string, person: Person) => (query: Query) =>
  journey.call("GET", pathWith(`/api/v1${path}`, query), { token: person.token });

async function idOf({ email }: Person): Promise<string> {
  return (await rows<{ id: string }>("select user_id as id from user_emails where email = ?", email))[0]?.id ?? "";
}

/** Makes another testimony of a client. */
async function addTestimony(clientId: string, random: Chance, cells: Record<string, string | number | null> = {}) {
  const row = newRow(random);
  await copyRow("testimonies", "client_id = ?", [clientId], { ...row, ...cells });
  return row.id;
}

/** Makes another expert's offer, or another one of the same. */
async function addOffer(testimonyId: string, expertId: string | undefined, random: Chance) {
  const row = newRow(random);
  const [other] = await rows<{ id: string }>("select id from users where role = 'expert' limit 1");
  const expert = expertId ?? `${(await copyRow("users", "id = ?", [other?.id], newRow(random))).id}`;
  const state = random.pick(["open", "accepted", "withdrawn"]);
  await copyRow("offers", "true", [], {
    ...row,
    testimony_id: testimonyId,
    expert_id: expert,
    accepted_at: state === "accepted" ? row.created_at : null,
    withdrawn_at: state === "withdrawn" ? row.created_at : null,
  });
}

const withdraw = (id: string) => rows("update offers set accepted_at = null, withdrawn_at = 1 where id = ?", id);

export const offersLists: readonly ListCase[] = [
  {
    ...inMeta,
    operationId: "list-testimonies",
    filters: { state: byMember("state"), ...createdFilters("createdAt") },
    async open(random) {
      const [here, elsewhere] = [await journey.registerClient(), await journey.registerClient()];
      for (const client of [here, elsewhere]) await journey.createTestimony(client);
      const clientId = await idOf(here);
      await rows("update testimonies set created_at = created_at / 1000 * 1000");
      const states = ["pending", "pending", "pending", "offered", "accepted", "completed", "cancelled"];
      const add = (chance: Chance) => addTestimony(clientId, chance, { state: chance.pick(states) ?? "" });
      await add(random);
      return {
        ask: asks("/testimonies", here),
        askElsewhere: asks("/testimonies", elsewhere),
        add,
        leaving: {
          query: { state: "pending" },
          take: ({ id }) => rows("update testimonies set state = 'offered' where id = ?", id),
        },
      };
    },
  },
  {
    ...inMeta,
    operationId: "list-offerable-testimonies",
    filters: createdFilters("createdAt"),
    async open(random) {
      await rows("update testimonies set state = 'offered' where state = 'pending'"); // those of the lists before
      const client = await journey.registerClient();
      await journey.createTestimony(client, "za");
      const clientId = await idOf(client);
      const add = (chance: Chance) =>
        addTestimony(clientId, chance, { state: "pending", region: chance.pick(["ba", "bb"]) ?? "" });
      await add(random);
      return {
        ask: asks("/testimonies/offerable", await journey.registerExpert(["ba", "bb", "ke"])),
        askElsewhere: asks("/testimonies/offerable", await journey.registerExpert(["za"])),
        add,
        leaving: { query: {}, take: ({ id }) => rows("update testimonies set state = 'offered' where id = ?", id) },
      };
    },
  },
  {
    ...inMeta,
    operationId: "list-offers",
    filters: { state: byMember("state"), ...createdFilters("createdAt") },
    async open(random) {
      const here = await journey.offerOnTable({ onboarded: false });
      const elsewhere = await journey.offerOnTable({ onboarded: false });
      await rows("update offers set created_at = created_at / 1000 * 1000");
      await addOffer(here.testimonyId, undefined, random);
      const of = ({ testimonyId, client }: typeof here) => asks(`/testimonies/${testimonyId}/offers`, client);
      return {
        ask: of(here),
        askElsewhere: of(elsewhere),
        add: (chance) => addOffer(here.testimonyId, undefined, chance),
        leaving: { query: { state: "open" }, take: ({ id }) => withdraw(id) },
      };
    },
  },
  {
    ...inMeta,
    operationId: "list-own-offers",
    filters: { state: byMember("state"), ...createdFilters("createdAt") },
    async open(random) {
      const here = await journey.offerOnTable({ onboarded: false });
      const elsewhere = await journey.offerOnTable({ onboarded: false });
      await rows("update offers set created_at = created_at / 1000 * 1000");
      const [clientId, expertId] = [await idOf(here.client), await idOf(here.expert)];
      const add = async (chance: Chance) => addOffer(await addTestimony(clientId, chance), expertId, chance);
      await add(random);
      return {
        ask: asks("/me/offers", here.expert),
        askElsewhere: asks("/me/offers", elsewhere.expert),
        add,
        leaving: { query: { state: "open" }, take: ({ id }) => withdraw(id) },
      };
    },
  },
  {
    ...inMeta,
    operationId: "list-notifications",
    filters: { type: byMember("type"), ...createdFilters("createdAt") },
    async open(random) {
      const [here, elsewhere] = [await journey.offerOnTable({ onboarded: false }), await journey.offerOnTable()];
      const path = `/testimonies/offers/${here.offerId}/withdraw`;
      await journey.must(204, "POST", path, { token: here.expert.token, body: {} });
      await rows("update notifications set created_at = created_at / 1000 * 1000");
      const userId = await idOf(here.client);
      const add = (chance: Chance) =>
        copyRow("notifications", "user_id = ? and type = ?", [userId, chance.pick(types)], newRow(chance));
      await add(random);
      return {
        ask: asks("/me/notifications", here.client),
        askElsewhere: asks("/me/notifications", elsewhere.client),
        add,
      };
    },
  },
];

const types = ["offer.created", "offer.withdrawn"];
