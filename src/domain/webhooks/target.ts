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

/**
 * Recognises public wildcard names that resolve to the address that they spell, which would bypass the rule on
 * literals.
 */
function encodesAddress(host: string): boolean {
  return /(^|\.)(nip\.io|sslip\.io|xip\.io|localtest\.me|lvh\.me|vcap\.me|lacolhost\.com|localho\.st)$/.test(host);
}
