/** A tag as it is written in a request. The contract says where a tag without a handle is looked up. */
export interface TagAddress {
  name: string;
  appHandle?: string;
}

// Only ASCII letters are allowed, so that no tag can look like another.
const namePattern = /^[a-z0-9][a-z0-9._-]{1,62}[a-z0-9]$/i;
const handlePattern = /^[a-z0-9][a-z0-9-]{2,31}$/;

/**
 * Reads the name of a tag: trims it, strips one leading "@" and lower-cases it. Returns undefined if the text is no tag
 * name.
 */
export function readTagName(text: string): string | undefined {
  const name = text.trim().replace(/^@/, "");
  // The pattern is tested before lower-casing, because some foreign letters become ASCII only then.
  return namePattern.test(name) ? name.toLowerCase() : undefined;
}

/** Tells whether a text can be an application's handle: lower case, 3 to 32 characters, no "@". */
export function isAppHandle(text: string): boolean {
  return handlePattern.test(text);
}

/**
 * Reads "alice", "@alice", "alice@walletapp" or "@alice@walletapp", in any case. Returns undefined for any other text.
 */
export function readTagAddress(text: string): TagAddress | undefined {
  const [, written = "", appHandle] = /^(@?[^@]+)(?:@([^@]+))?$/.exec(text.trim()) ?? [];
  const name = written === written.trim() ? readTagName(written) : undefined;
  if (name === undefined || appHandle === undefined) return name === undefined ? undefined : { name };
  // The handle is tested before lower-casing too: the Kelvin sign would become a "k".
  const handle = /^[\x21-\x7e]+$/.test(appHandle) ? appHandle.toLowerCase() : "";
  return isAppHandle(handle) ? { name, appHandle: handle } : undefined;
}

/** Returns the address by which a tag is known to all applications: "alice@walletapp". */
export function qualifiedTag(name: string, appHandle: string): string {
  return `${name}@${appHandle}`;
}
