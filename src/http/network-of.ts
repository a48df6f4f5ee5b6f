import { hmacHex } from "../crypto/hash";

/**
 * Returns the network that an address is counted by: the address itself, or its network of 64 bits for IPv6, because
 * whoever has one address of it has all of them.
 */
export function networkOf(address: string): string {
  const [before = "", after] = address.toLowerCase().split("::");
  if (!address.includes(":")) return address;
  const groups = groupsOf(before);
  const missing = after === undefined ? 0 : 8 - groups.length - groupsOf(after).length;
  const all = [...groups, ...Array<string>(Math.max(missing, 0)).fill("0"), ...groupsOf(after ?? "")];
  return `${all.slice(0, 4).join(":")}::/64`;
}

/** Splits into groups without leading zeros, so that each group has one form. */
function groupsOf(text: string): string[] {
  return text === "" ? [] : text.split(":").map((group) => group.replace(/^0+(?=.)/, ""));
}

/**
 * Returns a name for a network that cannot be undone by trying all addresses: an HMAC under Stripe's secret key, which
 * every deployment has. The month (UTC) is part of it, so that a network has another name in the next month.
 */
export function hideNetwork(network: string, secret: string, nowMs: number): string {
  const month = new Date(nowMs).toISOString().slice(0, 7);
  return hmacHex(secret, `network ${month} ${network}`).slice(0, 16);
}
