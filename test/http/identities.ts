import { env } from "cloudflare:workers";
import { signJwt } from "../../src/crypto/jwt";
import type { Area } from "../../src/domain/scope";
import type { OfferOnTable, Person } from "../journey";
import { identity, Shop, type Shopper } from "../shop";
import type { Tenant } from "../transfers-journey";
import { journey } from "./checked";
import { nowMs, tokenIssuedAt, walk } from "./transfers/world";

/** The credential of an identity, as the description names them. */
export type Kind = "none" | "bearer" | "operator" | "developerToken" | "applicationToken";

/** Somebody who calls every route. */
export interface Identity {
  name: string;
  kind: Kind;
  headers: Record<string, string>;
  /** The answer to a credential that opens nothing any more. */
  dead?: 401 | 403;
  /** The role, for users and applications. */
  role?: "client" | "expert" | "application" | "administrator";
  /** What the token holds, if not everything of its kind. */
  scopes?: readonly (Area | "read")[];
  /** Whether the objects in the paths belong to somebody else. */
  isStranger?: boolean;
}

/** Whose objects the paths name. */
export interface Owners {
  offer: OfferOnTable;
  shopper: Shopper;
  tenant: Tenant;
}

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

/** Makes one of each identity that must be refused somewhere. */
export async function makeIdentities(owners: Owners): Promise<Identity[]> {
  return [
    { name: "nobody", kind: "none", headers: {} },
    ...operators,
    ...(await users(owners)),
    ...(await developers(owners)),
    ...(await applications(owners)),
  ];
}

const operators: Identity[] = [
  { name: "an operator who may read", kind: "operator", headers: bearer("read_sandbox"), scopes: ["read"] },
  { name: "an operator", kind: "operator", headers: bearer("admin_sandbox") },
  { name: "a token of no operator", kind: "operator", headers: bearer("admin_sandbox2"), dead: 401 },
];

async function users({ offer }: Owners): Promise<Identity[]> {
  const live = (name: string, role: "client" | "expert", { token }: Person, isStranger: boolean): Identity => {
    return { name, kind: "bearer", role, headers: bearer(token), isStranger };
  };
  const dead = (name: string, { token }: Person): Identity => {
    return { name, kind: "bearer", headers: bearer(token), dead: 401 };
  };
  const [ended, expired, suspended] = [
    await journey.registerClient(),
    await journey.registerExpert(),
    await journey.registerClient(),
  ];
  await journey.must(204, "POST", "/auth/logout", { token: ended.token });
  await expire(expired);
  const found = await journey.operator("GET", `/users?email=${suspended.email}`);
  const { status } = await journey.operator("POST", `/users/${found.body.data[0].id}/suspend`, { note: "A test." });
  if (status !== 204) throw new Error(`suspending answers ${status}`);
  return [
    live("the client", "client", offer.client, false),
    live("the expert", "expert", offer.expert, false),
    live("another client", "client", await journey.registerClient(), true),
    live("an expert of elsewhere", "expert", await journey.registerExpert(["ke"]), true),
    dead("a client who has logged out", ended),
    dead("an expert whose session is over", expired),
    dead("a client who is suspended", suspended),
  ];
}

async function expire({ token }: Person): Promise<void> {
  await env.DB.prepare("update access_tokens set expires_at = 1 where prefix = ?").bind(token.slice(0, 12)).run();
}

async function developers({ shopper }: Owners): Promise<Identity[]> {
  const by = { "X-Developer-Token": shopper.token };
  const make = async (body: object) =>
    (await journey.must(201, "POST", "/developer-tokens", { headers: by, body })).body.data.token as string;
  const named = (token: string) => ({ ...identity(shopper), "X-Developer-Token": token });
  const scoped = async (scope: Area | "read"): Promise<Identity> => ({
    name: `a developer's token for ${scope}`,
    kind: "developerToken",
    headers: named(await make({ scopes: [scope] })),
    scopes: [scope],
  });
  const [expired, revoked] = [await make({}), await make({})];
  await env.DB.prepare("update developer_tokens set expires_at = 1 where prefix = ?").bind(expired.slice(0, 12)).run();
  await journey.must(204, "DELETE", `/developer-tokens/${revoked.slice(0, 12)}`, { headers: by });
  const another = await (await Shop.open(journey)).shopper();
  const dead = (name: string, token: string): Identity => {
    return { name, kind: "developerToken", headers: named(token), dead: 401 };
  };
  return [
    ...(await Promise.all((["read", "payments", "accounts", "webhooks"] as const).map(scoped))),
    dead("a developer's token that has ended", expired),
    dead("a developer's token that was revoked", revoked),
    { name: "another developer", kind: "developerToken", headers: identity(another), isStranger: true },
    {
      name: "another developer with this one's app and shopper",
      kind: "developerToken",
      headers: named(another.token),
      isStranger: true,
    },
  ];
}

async function applications({ tenant }: Owners): Promise<Identity[]> {
  const [stranger, inactive] = [await walk.tenant(), await walk.tenant()];
  await walk.admit(inactive, { active: false });
  const issuedAtMs = await nowMs();
  const key = { id: "sandbox", bytes: new TextEncoder().encode("a key of nobody's, of 32 bytes..") };
  const claims = { issuer: "accord", subject: tenant.id, id: "t", issuedAtMs, lifetimeSeconds: 3_600, others: {} };
  const dead = (name: string, token: string, status: 401 | 403): Identity => {
    return { name, kind: "applicationToken", headers: bearer(token), dead: status };
  };
  return [
    dead("an application's token that has expired", await tokenIssuedAt(tenant, issuedAtMs - 3_600_001), 401),
    dead("an application's token with a foreign signature", await signJwt([key], claims), 401),
    dead("an application that is not active", inactive.token, 403),
    {
      name: "another application",
      kind: "applicationToken",
      role: "application",
      headers: bearer(stranger.token),
      isStranger: true,
    },
  ];
}
