import { beforeEach, describe, expect, it } from "vitest";
import { newClient, newExpert, type Person } from "../../journey";
import { journey } from "../checked";
import { resetTokenFor } from "./mailbox";

const password = "correct-horse-9";
const chosen = { password: "battery-7-staple", passwordConfirmation: "battery-7-staple" };

beforeEach(() => journey.reset());

const logIn = (email: string, secret: string) =>
  journey.call("POST", "/api/v1/auth/login", { body: { email, password: secret } });
const change = ({ token }: Person, body: object) => journey.call("PUT", "/api/v1/me", { token, body });

/** Makes wrong attempts until one has to wait. Returns how many were made, and the seconds to wait. */
async function wrongUntilDelayed(attempt: () => ReturnType<typeof logIn>): Promise<[number, number]> {
  for (let made = 0; ; made += 1) {
    const answer = await attempt();
    if (answer.status === 429) return [made, Number(answer.headers.get("Retry-After"))];
    expect([401, 422]).toContain(answer.status);
  }
}

describe("wrong passwords in a row", () => {
  it("delay the next login of that account, longer each time, and nobody else's", async () => {
    const [owner, other] = [await journey.registerClient(), await journey.registerClient()];
    const wrong = () => logIn(owner.email, "wrong-horse-9");
    const waits: number[] = [];
    for (const attempts of [5, 1, 1, 1, 1, 1]) {
      const [made, seconds] = await wrongUntilDelayed(wrong);
      expect(made).toBe(attempts);
      expect((await logIn(owner.email.toUpperCase(), password)).status).toBe(429);
      await journey.advance(seconds - 30);
      expect((await wrong()).status).toBe(429);
      await journey.advance(31);
      waits.push(Math.ceil(seconds / 60)); // the time that the test itself takes has passed
    }
    expect(waits).toEqual([1, 2, 4, 8, 15, 15]);
    expect((await logIn(other.email, password)).status).toBe(200);
    expect((await logIn(owner.email, password)).status).toBe(200);
    expect((await wrongUntilDelayed(wrong))[0]).toBe(5); // the right one has ended the row
  });

  it("are counted before their outcome is known, so that many at once are no more", async () => {
    const owner = await journey.registerClient();
    const answers = await Promise.all(Array.from({ length: 20 }, () => logIn(owner.email, "wrong-horse-9")));
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(15);
  });

  it("delay nobody who is not known any less", async () => {
    const email = `nobody-${crypto.randomUUID()}@example.com`;
    expect((await wrongUntilDelayed(() => logIn(email, "wrong-horse-9")))[0]).toBe(5);
  });

  it("lock the owner out of neither a session nor a reset", async () => {
    const owner = await journey.registerClient();
    await wrongUntilDelayed(() => logIn(owner.email, "wrong-horse-9"));
    const renamed = { firstName: "Jana", email: `new-${owner.email}`, currentPassword: password };
    expect((await change(owner, renamed)).status).toBe(200);
    await journey.must(200, "PUT", "/me", {
      token: owner.token,
      body: { email: owner.email, currentPassword: password },
    });
    const token = await resetTokenFor(journey, owner.email);
    await journey.must(204, "POST", "/auth/password/reset", { body: { email: owner.email, token, ...chosen } });
    expect((await logIn(owner.email, chosen.password)).status).toBe(200);
  });

  it("of strangers delay no network that the owner has logged in from, or reset the password from", async () => {
    const owner = await journey.registerClient();
    const from = (address: string, secret: string) =>
      journey.call("POST", "/api/v1/auth/login", {
        body: { email: owner.email, password: secret },
        headers: { "CF-Connecting-IP": address },
      });
    expect((await from("192.0.2.1", password)).status).toBe(200);
    let stranger = 0;
    const strangers = () => {
      stranger += 1;
      return from(`198.51.100.${stranger}`, "wrong-horse-9");
    };
    expect((await wrongUntilDelayed(strangers))[0]).toBe(5);
    expect((await from("192.0.2.1", password)).status).toBe(200);
    expect((await strangers()).status).toBe(429); // which the owner's login has not ended
    expect((await from("203.0.113.1", password)).status).toBe(429);
    const token = await resetTokenFor(journey, owner.email);
    await journey.must(204, "POST", "/auth/password/reset", {
      body: { email: owner.email, token, ...chosen },
      headers: { "CF-Connecting-IP": "203.0.113.1" },
    });
    await wrongUntilDelayed(strangers);
    expect((await from("203.0.113.1", chosen.password)).status).toBe(200);
    expect((await wrongUntilDelayed(() => from("203.0.113.1", "wrong-horse-9")))[0]).toBe(5);
    expect((await from("192.0.2.1", chosen.password)).status).toBe(200);
  });

  it("delay the next present password as well, counted apart from logins", async () => {
    const owner = await journey.registerClient();
    const wrong = () => change(owner, { ...chosen, currentPassword: "wrong-horse-9" });
    const [made, seconds] = await wrongUntilDelayed(wrong);
    expect(made).toBe(5);
    expect((await change(owner, { ...chosen, currentPassword: password })).status).toBe(429);
    expect((await change(owner, { firstName: "Jana" })).status).toBe(200);
    expect((await logIn(owner.email, password)).status).toBe(200);
    await journey.advance(seconds + 1);
    expect((await change(owner, { ...chosen, currentPassword: password })).status).toBe(200);
  });
});

describe("a password that is easy to guess", () => {
  const refused = (secret: string) => ({ password: secret, passwordConfirmation: secret });
  const expectRefused = ({ status, body }: Awaited<ReturnType<typeof logIn>>) =>
    expect([status, body.code, body.errors]).toEqual([
      422,
      "password_guessable",
      { password: ["The password field is too easy to guess."] },
    ]);

  it.each(["password1", "Trustno1", "QWERTY123", "1qaz2wsx"])(
    "is refused wherever one is chosen: %s",
    async (secret) => {
      for (const [role, person] of [["client", newClient()] as const, ["expert", newExpert()] as const]) {
        expectRefused(
          await journey.call("POST", `/api/v1/auth/register/${role}`, { body: { ...person, ...refused(secret) } }),
        );
      }
      const owner = await journey.registerClient();
      expectRefused(await change(owner, refused(secret)));
      const token = await resetTokenFor(journey, owner.email);
      const body = { email: owner.email, token, ...refused(secret) };
      expectRefused(await journey.call("POST", "/api/v1/auth/password/reset", { body }));
    },
  );

  it("is the own e-mail, the one of now and the one that it is changed to", async () => {
    const person = newClient();
    const own = { ...person, ...refused(person.email.toUpperCase()) };
    expectRefused(await journey.call("POST", "/api/v1/auth/register/client", { body: own }));
    const owner = await journey.registerClient();
    expectRefused(await change(owner, refused(owner.email)));
    expectRefused(await change(owner, { email: `new-${owner.email}`, ...refused(`new-${owner.email}`) }));
  });
});
