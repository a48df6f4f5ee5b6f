import { exports } from "cloudflare:workers";
import type { Send } from "../journey";

/** The address from which every request of the recorded journey comes. */
export const callersAddress = "203.0.113.77";

/** Members of answers that are secrets of ours, wherever they are. `d` is the private part of a key (RFC 7518 6.2.2). */
const secretMembers = ["token", "access_token", "clientSecret", "webhookSecret", "secret", "d"];
/** Members of requests that are secrets of their senders. */
const sentSecrets = ["password", "passwordConfirmation", "currentPassword", "cardNumber"];
/** Members of requests that are about a person. */
const personalMembers = [
  "email",
  "phone",
  "firstName",
  "lastName",
  "line1",
  "postalCode",
  "businessId",
  "taxId",
  "iban",
  "ip_address",
  "user_agent",
  "receipt_email",
];

/** What a journey was told and has sent that must not lie around. */
export interface Told {
  /** Tokens, passwords, signing secrets, card numbers. */
  secrets: Set<string>;
  /** Stripe's secrets of single payments. */
  clientSecrets: Set<string>;
  personal: Set<string>;
}

/** Makes a sender that remembers every secret of every request and answer, and everything about a person. */
export function rememberingSend(): { send: Send; told: Told } {
  const told: Told = { secrets: new Set(), clientSecrets: new Set(), personal: new Set([callersAddress]) };
  const send: Send = async (request) => {
    const headers = new Headers(request.headers);
    headers.set("CF-Connecting-IP", callersAddress);
    const sent = new Request(request, { headers });
    noteSent(told, sent.url, new TextDecoder().decode(await sent.clone().arrayBuffer()));
    const response = (await exports.default.fetch(sent)) as unknown as Response;
    // What the sandbox itself answers is not ours.
    if (new URL(sent.url).pathname.startsWith("/api/")) noteAnswer(told, await response.clone().text());
    return response;
  };
  return { send, told };
}

function noteSent(told: Told, url: string, text: string): void {
  const members = readJson(text) ?? Object.fromEntries(new URLSearchParams(text));
  const inPath = new URL(url).searchParams.get("email");
  if (inPath !== null) told.personal.add(inPath);
  eachMember(members, (name, value) => {
    if (sentSecrets.includes(name)) told.secrets.add(value);
    if (personalMembers.includes(name) && value !== "sandbox") told.personal.add(value); // its word for a browser
  });
}

function noteAnswer(told: Told, text: string): void {
  eachMember(readJson(text), (name, value) => {
    // Stripe's name for a card that a shopper has entered is none: it is of use once, and to the key's holder only.
    if (secretMembers.includes(name) && !value.startsWith("tok_")) told.secrets.add(value);
    if (name === "client_secret") told.clientSecrets.add(value);
  });
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Calls with the name and the text of every member, however deep. */
function eachMember(value: unknown, call: (name: string, text: string) => void, name = ""): void {
  if (typeof value === "string" && value !== "") call(name, value);
  if (typeof value !== "object" || value === null) return;
  for (const [key, member] of Object.entries(value)) eachMember(member, call, Array.isArray(value) ? name : key);
}
