import { expect, it } from "vitest";
import { columnsWith } from "../../operations/offers/every-cell";
import { rows } from "../../operations/rows";
import { journey } from "../checked";
import { walk } from "./world";

const words = {
  displayName: "Ludmila Vombatová",
  email: "ludmila@wombat.example",
  imageUrl: "https://wombat.example/ludmila.png",
  metadata: { note: "Wombat lover" },
};

const erase = (token: string, id: string) => journey.call("DELETE", `/api/v1/subjects/${id}`, { token });

it("leaves nothing of the person in any column, and the tags and transfers go on", async () => {
  const [sender, receiver] = [await walk.tenant(), await walk.tenant()];
  const externalId = `ludmila-${crypto.randomUUID()}`;
  const body = { externalId, ...words };
  const headers = { "Idempotency-Key": "ludmila" };
  const made = await journey.must(201, "POST", "/subjects", { token: sender.token, body, headers });
  const { id } = made.body.data;
  const texts = [externalId, words.displayName, words.email, words.imageUrl, words.metadata.note];
  for (const text of texts) expect(await columnsWith(text)).not.toEqual([]);
  const tag = { subjectId: id, tagString: `t-${crypto.randomUUID().slice(0, 8)}` };
  const { tagString } = (await journey.must(201, "POST", "/tags", { token: sender.token, body: tag })).body.data;
  const waiting = await walk.initiated({ ...sender, tag: tagString }, receiver);

  expect((await erase(sender.token, id)).status).toBe(204);
  for (const text of texts) expect(await columnsWith(text), text).toEqual([]);
  const { data } = (await journey.must(200, "GET", `/subjects/${id}`, { token: sender.token })).body;
  expect(Object.keys(data).toSorted()).toEqual(["applicationId", "applicationName", "createdAt", "externalId", "id"]);
  expect(data.externalId).toBe(id);
  expect((await walk.accept(receiver, waiting)).status).toBe(200);

  // Again it changes nothing, and the application's own id is free.
  expect((await erase(sender.token, id.toUpperCase())).status).toBe(204);
  const names = await rows<{ name: string }>("select name from journal where aggregate_id = ? order by version", id);
  expect(names.map(({ name }) => name)).toEqual(["create-subject", "erase-subject"]);
  await journey.must(201, "POST", "/subjects", { token: sender.token, body: { externalId } });
});

it("is for the application's own subjects", async () => {
  const [owner, stranger] = [await walk.tenant(), await walk.tenant()];
  const body = { externalId: "user-9", ...words };
  const { id } = (await journey.must(201, "POST", "/subjects", { token: owner.token, body })).body.data;
  for (const [token, which] of [
    [stranger.token, id],
    [owner.token, crypto.randomUUID()],
  ]) {
    const answer = await erase(token, which);
    expect([answer.status, answer.body.errorCode]).toEqual([404, "SUBJECT_NOT_FOUND"]);
  }
  const { data } = (await journey.must(200, "GET", `/subjects/${id}`, { token: owner.token })).body;
  expect(data.email).toBe(words.email);
});
