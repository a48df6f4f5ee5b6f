import { env } from "cloudflare:workers";
import * as fc from "fast-check";
import { hashToken } from "../../src/crypto/tokens";
import type { Person } from "../journey";
import { type Asker, pick } from "./asker";

/** Steps about the account of a client or an expert. */
export type PeopleAction =
  | { do: "delete-user"; person: number; by: "self" | "operator" }
  | { do: "suspend-user"; person: number }
  /** An operator lets the user in again, who logs in. */
  | { do: "restore-user"; person: number };

const doings = ["delete-user", "suspend-user", "restore-user"] as const;
const password = "correct-horse-9";

const any = fc.nat({ max: 3 });
const doing = <D extends PeopleAction["do"]>(name: D) => fc.constant(name);

export const peopleActions: fc.WeightedArbitrary<PeopleAction>[] = [
  {
    weight: 3,
    arbitrary: fc.record({ do: doing("delete-user"), person: any, by: fc.constantFrom("self", "operator") }),
  },
  { weight: 1, arbitrary: fc.record({ do: doing("suspend-user"), person: any }) },
  { weight: 2, arbitrary: fc.record({ do: doing("restore-user"), person: any }) },
];

export function isOfPeople(action: { do: string }): action is PeopleAction {
  return (doings as readonly string[]).includes(action.do);
}

/** Takes one of these steps. From its beginning on, the person's credential may not work any more. */
export async function actOnPerson(asker: Asker, action: PeopleAction, people: readonly Person[]): Promise<void> {
  const person = pick(people, action.person);
  if (!person) return;
  const userId = await idOf(person);
  if (userId === undefined) return; // deleted already
  const ask = async (verb: string) => {
    const note = { note: "Asked for by letter." };
    return asker.judge(await asker.journey.operator("POST", `/users/${userId}/${verb}`, note), action.do);
  };
  switch (action.do) {
    case "delete-user": {
      asker.leaving.set(person, false);
      const proof = { currentPassword: password };
      const { status } = action.by === "self" ? await asker.call("DELETE", "/me", person, proof) : await ask("delete");
      if (status !== 204) return;
      asker.told.deleted.set(userId, person.email);
      asker.leaving.set(person, true);
      return;
    }
    case "suspend-user":
      asker.leaving.set(person, false);
      asker.leaving.set(person, (await ask("suspend")).status === 204);
      return;
    case "restore-user": {
      await ask("restore");
      const body = { email: person.email, password };
      const answer = await asker.journey.call("POST", "/api/v1/auth/login", { body });
      if (answer.status !== 200) return;
      asker.out.delete(person);
      person.token = answer.body.data.token;
      return;
    }
  }
}

/** Tells whether the person's credential works no more. */
export async function isOut({ token }: Person): Promise<boolean> {
  const query = "SELECT 1 FROM access_tokens WHERE hash = ?";
  return (await env.DB.prepare(query).bind(hashToken(token)).first()) === null;
}

async function idOf({ email }: Person): Promise<string | undefined> {
  const query = "SELECT user_id AS id FROM user_emails WHERE email = ?";
  return (await env.DB.prepare(query).bind(email).first<{ id: string }>())?.id;
}
