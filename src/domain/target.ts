/** Why a URL may not be a webhook's target. */
export type TargetProblem =
  | "not_a_url"
  | "scheme_forbidden"
  | "credentials_forbidden"
  | "port_forbidden"
  | "address_literal_forbidden"
  | "name_forbidden";

/** Names that resolve inside somebody's network, or nowhere (RFC 2606, 6761, 6762, 8375). */
const privateSuffixes = [
  "localhost",
  "localdomain",
  "local",
  "internal",
  "intranet",
  "private",
  "corp",
  "home",
  "lan",
  "arpa",
  "svc",
  "test",
  "example",
  "invalid",
  "onion",
];

const loopbackHosts = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Judges a target after URL parsing, which has brought every spelling of an address to one form. Public https names on
 * port 443 only: no address literals at all, no credentials, no single-label or private names. `loopbackAllowed` is the
 * sandbox's exception. Redirects are never followed, so this is all that is ever contacted.
 */
export function targetProblem(
  text: string,
  { loopbackAllowed }: { loopbackAllowed: boolean },
): TargetProblem | undefined {
  if (!URL.canParse(text)) return "not_a_url";
  const url = new URL(text);
  const hasCredentials = url.username !== "" || url.password !== "";
  const isLoopback = loopbackHosts.includes(url.hostname) && /^https?:$/.test(url.protocol);
  if (loopbackAllowed && isLoopback) return hasCredentials ? "credentials_forbidden" : undefined;
  if (url.protocol !== "https:") return "scheme_forbidden";
  if (hasCredentials) return "credentials_forbidden";
  if (url.port !== "") return "port_forbidden"; // 443 is printed as none
  return hostProblem(url.hostname);
}

function hostProblem(host: string): TargetProblem | undefined {
  if (host.startsWith("[") || /^\d+(\.\d+){3}$/.test(host)) return "address_literal_forbidden";
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(host)) return "name_forbidden"; // one label, an empty label, a final dot
  const isPrivate = privateSuffixes.some((suffix) => host === suffix || host.endsWith(`.${suffix}`));
  const isMetadata = host.startsWith("metadata.") || /^\d+$/.test(host.slice(host.lastIndexOf(".") + 1));
  return isPrivate || isMetadata || encodesAddress(host) ? "name_forbidden" : undefined;
}

/** Public wildcard names that resolve to the address they spell: a way around the rule on literals. */
function encodesAddress(host: string): boolean {
  return /(^|\.)(nip\.io|sslip\.io|xip\.io|localtest\.me|lvh\.me|vcap\.me|lacolhost\.com|localho\.st)$/.test(host);
}
