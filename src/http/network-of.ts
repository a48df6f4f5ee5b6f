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
