/** The reasons why a URL cannot be a webhook's target. */
export type TargetProblem =
  | "not_a_url"
  | "scheme_forbidden"
  | "credentials_forbidden"
  | "port_forbidden"
  | "address_literal_forbidden"
  | "name_forbidden";

/** Names that resolve inside a private network or not at all (RFC 2606, 6761, 6762, 8375). */
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
 * Checks a webhook's target after URL parsing, which brings every spelling of an address to one form. Allowed are
 * public https names on port 443: no address literals, no credentials, no single-label or private names.
 * `loopbackAllowed` is an exception for the sandbox. Redirects are never followed, so this host is the only one that is
 * contacted.
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
  if (url.port !== "") return "port_forbidden"; // URL parsing leaves out 443
  return hostProblem(url.hostname);
}

function hostProblem(host: string): TargetProblem | undefined {
  if (host.startsWith("[") || /^\d+(\.\d+){3}$/.test(host)) return "address_literal_forbidden";
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(host)) return "name_forbidden"; // a single label, an empty label, a final dot
  const isPrivate = privateSuffixes.some((suffix) => host === suffix || host.endsWith(`.${suffix}`));
  const isMetadata = host.startsWith("metadata.") || /^\d+$/.test(host.slice(host.lastIndexOf(".") + 1));
  return isPrivate || isMetadata || encodesAddress(host) ? "name_forbidden" : undefined;
}

/** Public names of which every name below resolves to this machine, or to the address that it spells. */
const wildcardSuffixes =
  /(^|\.)(nip\.io|sslip\.io|xip\.io|traefik\.me|backname\.io|local-ip\.(sh|co)|1u\.ms|rbndr\.us|ip6\.name|plex\.direct|localtest\.me|lvh\.me|vcap\.me|fuf\.me|lacolhost\.com|42foo\.com|localho\.st|smackaho\.st|ulh\.us|127-0-0-1\.org\.uk|localhst\.co\.uk|localhost\.(tv|direct)|lo0\.in|local\.gd|lcl\.host|ddev\.site|lndo\.site)$/;

/** A private address (RFC 6890) as a part of a name, with dots or hyphens: what such names look like elsewhere. */
const spelledAddress =
  /(^|[.-])((0|10|127)([.-]\d{1,3}){3}|(169[.-]254|192[.-]168|172[.-](1[6-9]|2\d|3[01]))([.-]\d{1,3}){2})([.-]|$)/;

/**
 * Recognises public names that resolve to a private address, which would bypass the rule on literals. No list of them
 * is whole: what keeps deliveries out of private networks is that Workers have none.
 */
function encodesAddress(host: string): boolean {
  return wildcardSuffixes.test(host) || spelledAddress.test(host);
}
