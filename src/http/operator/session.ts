import { equalSecrets } from "../../crypto/equal";
import { sessionMac } from "../../crypto/session-mac";
import type { Edge } from "../edge";

/**
 * A session of the console (src/guides/console.md). It changes things for fifteen minutes at most, reads for the rest
 * of its eight hours, and is nothing but a cookie that scripts cannot read.
 */
export interface Session {
  name: string;
  scope: "read" | "write";
  /** The end of the session, and that of its scope to change things, in seconds of the real time. */
  endsAt: number;
  writesUntil?: number;
}

const lastsSeconds = 8 * 3_600;
const writesSeconds = 15 * 60;

/** Makes the cookie of a session. */
export async function sessionCookie(edge: Edge, token: string, session: Session): Promise<string> {
  const { name, scope, endsAt, writesUntil = endsAt } = session;
  const content = `${name}.${scope}.${writesUntil}`;
  return cookie(edge, `${content}.${await sessionMac(token, content)}`, endsAt - nowSeconds());
}

/** Begins a session with a scope. */
export function newSession(name: string, scope: Session["scope"]): Session {
  const [endsAt, writesUntil] = [nowSeconds() + lastsSeconds, nowSeconds() + writesSeconds];
  return { name, scope, endsAt, ...(scope === "write" && { writesUntil }) };
}

/** Makes the cookie that ends a session. */
export function endedCookie(edge: Edge): string {
  return cookie(edge, "", 0);
}

/**
 * Returns the session of a request from the console's own page; undefined without a valid one. Another origin's page
 * could only send the cookie without the header, which needs a preflight that is never answered, and browsers name the
 * origin's relation themselves (https://www.w3.org/TR/fetch-metadata/).
 */
export async function sessionOf(edge: Edge, headers: Headers): Promise<Session | undefined> {
  if (headers.get("Sec-Fetch-Site") !== "same-origin" || !headers.has("Accord-Console")) return undefined;
  const sent = headers.get("Cookie")?.split(/; */) ?? [];
  const value = sent.find((one) => one.startsWith(`${nameIn(edge)}=`))?.slice(nameIn(edge).length + 1);
  const [, content, name, scope, expiry, mac = ""] =
    /^(([\w.-]+)\.(read|write)\.(\d{1,12}))\.([\w-]+)$/.exec(value ?? "") ?? [];
  if (content === undefined) return undefined;
  const known = edge.settings.adminTokens.filter((one) => one.name === name);
  const macs = await Promise.all(known.map(({ token }) => sessionMac(token, content)));
  const signer = known.find((_, at) => equalSecrets(mac, macs[at] ?? ""));
  if (!signer) return undefined;
  return current(signer, scope === "write", Number(expiry));
}

/** Returns a session as it is now: its scope to change things ends before it. */
function current({ name, reads }: Edge["settings"]["adminTokens"][number], wrote: boolean, expiry: number) {
  const endsAt = wrote ? expiry + lastsSeconds - writesSeconds : expiry;
  if (endsAt <= nowSeconds()) return undefined;
  const writes = wrote && expiry > nowSeconds() && !reads;
  return { name, endsAt, ...(writes ? { scope: "write", writesUntil: expiry } : { scope: "read" }) } as Session;
}

/** Not every browser keeps a secure cookie of a page without TLS, as the sandbox's are. */
function nameIn({ settings: { loopbackAllowed: isSandbox } }: Edge): string {
  return isSandbox ? "accord" : "__Host-accord";
}

function cookie(edge: Edge, value: string, seconds: number): string {
  const secure = edge.settings.loopbackAllowed ? "" : " Secure;";
  return `${nameIn(edge)}=${value}; Path=/;${secure} HttpOnly; SameSite=Strict; Max-Age=${seconds}`;
}

/** Sessions run in real time: the sandbox's clock, which is moved, would end them. */
function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
