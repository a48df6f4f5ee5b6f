import { beforeEach, describe, expect, it } from "vitest";
import { journey } from "../checked";

beforeEach(() => journey.reset());

const password = "correct-horse-9";
const note = { note: "The mailbox was taken over." };

async function find(email: string) {
  const { body } = await journey.operator("GET", `/users?email=${encodeURIComponent(email)}`);
  return body.data as { id: string; email: string }[];
}

describe("an operator", () => {
  it("finds a user by e-mail in whatever case, masked in the list and whole in the view", async () => {
    const [expert] = [await journey.registerExpert(), await journey.registerClient()];
    const [listed, ...others] = await find(expert.email.toUpperCase());
    expect(others).toEqual([]);
    expect(JSON.stringify(listed)).not.toContain(expert.email);
    expect(await find("nobody@example.com")).toEqual([]);
    const { body } = await journey.operator("GET", `/users/${listed?.id}`);
    expect(body.data).toMatchObject({ email: expert.email, role: "expert", suspendedAt: null });
    expect(body.data.bankAccount.iban).toMatch(/^….{3}$/);
    expect(JSON.stringify(body)).not.toContain(expert.token);
    expect((await journey.operator("GET", `/users/${crypto.randomUUID()}`)).status).toBe(404);
  });

  it("pages through the users, newest first", async () => {
    const people = [await journey.registerClient(), await journey.registerExpert(), await journey.registerClient()];
    const first = (await journey.operator("GET", "/users?limit=2")).body;
    const last = first.data.at(-1).id;
    const second = (await journey.operator("GET", `/users?limit=2&starting_after=${last}`)).body;
    const ids = [...first.data, ...second.data].map(({ id }: { id: string }) => id);
    expect(ids).toEqual((await Promise.all(people.map(({ email }) => find(email)))).map(([one]) => one?.id).reverse());
    expect([first.has_more, second.has_more]).toEqual([true, false]);
  });

  it("keeps a user out until the user is restored", async () => {
    const client = await journey.registerClient();
    const [user] = await find(client.email);
    const logIn = () => journey.call("POST", "/api/v1/auth/login", { body: { email: client.email, password } });
    expect((await journey.operator("POST", `/users/${user?.id}/suspend`, note)).status).toBe(204);
    await journey.must(401, "GET", "/me", client);
    const refused = await logIn();
    expect([refused.status, refused.body.code]).toEqual([403, "user_suspended"]);
    const wrong = await journey.call("POST", "/api/v1/auth/login", {
      body: { email: client.email, password: "x-1234567" },
    });
    expect(wrong.status).toBe(401);
    expect((await journey.operator("POST", `/users/${user?.id}/restore`, note)).status).toBe(204);
    await journey.must(401, "GET", "/me", client);
    const { body } = await logIn();
    await journey.must(200, "GET", "/me", { token: body.data.token });
  });

  it("ends the sessions of a user, who may log in again", async () => {
    const client = await journey.registerClient();
    const [user] = await find(client.email);
    expect((await journey.operator("POST", `/users/${user?.id}/end-sessions`, note)).status).toBe(204);
    await journey.must(401, "GET", "/me", client);
    await journey.must(200, "POST", "/auth/login", { body: { email: client.email, password } });
  });

  it("is named in the user's timeline for what was done and seen", async () => {
    const client = await journey.registerClient();
    const [user] = await find(client.email);
    await journey.operator("GET", `/users/${user?.id}`);
    for (const verb of ["suspend", "suspend", "restore", "end-sessions"]) {
      expect((await journey.operator("POST", `/users/${user?.id}/${verb}`, note)).status).toBe(204);
    }
    const { body } = await journey.operator("GET", `/timeline?id=${user?.id}`);
    const said = JSON.stringify(body);
    for (const name of ["view-user", "suspend-user", "restore-user", "end-user-sessions", note.note]) {
      expect(said).toContain(name);
    }
    expect(said).not.toContain(client.email);
  });

  it("is refused without a reason", async () => {
    const client = await journey.registerClient();
    const [user] = await find(client.email);
    for (const verb of ["suspend", "restore", "end-sessions"]) {
      expect((await journey.operator("POST", `/users/${user?.id}/${verb}`, {})).status).toBe(422);
      expect((await journey.operator("POST", `/users/${crypto.randomUUID()}/${verb}`, note)).status).toBe(404);
    }
  });
});
