/** A tag as somebody writes it. Without a handle it is looked for where the contract says. */
export interface TagAddress {
  name: string;
  appHandle?: string;
}

// Legal are ASCII letters only, so that nobody's tag can look like another's.
const namePattern = /^[a-z0-9][a-z0-9._-]{1,62}[a-z0-9]$/i;
const handlePattern = /^[a-z0-9][a-z0-9-]{2,31}$/;

/** The name of a tag: trimmed, one leading "@" stripped, in lower case. Undefined when it is none. */
export function readTagName(text: string): string | undefined {
  const name = text.trim().replace(/^@/, "");
  // Tested as written: some foreign letters become ASCII only when they are lower-cased.
  return namePattern.test(name) ? name.toLowerCase() : undefined;
}

/** Whether a text can be an application's handle: lower case, 3 to 32 characters, no "@". */
export function isAppHandle(text: string): boolean {
  return handlePattern.test(text);
}

/** "alice", "@alice", "alice@walletapp" or "@alice@walletapp", in any case. Undefined when it is none of them. */
export function readTagAddress(text: string): TagAddress | undefined {
  const [, written = "", appHandle] = /^(@?[^@]+)(?:@([^@]+))?$/.exec(text.trim()) ?? [];
  const name = written === written.trim() ? readTagName(written) : undefined;
  if (name === undefined || appHandle === undefined) return name === undefined ? undefined : { name };
  // As with the name: the Kelvin sign would become a "k".
  const handle = /^[\x21-\x7e]+$/.test(appHandle) ? appHandle.toLowerCase() : "";
  return isAppHandle(handle) ? { name, appHandle: handle } : undefined;
}

/** The address under which a tag is known everywhere: "alice@walletapp". */
export function qualifiedTag(name: string, appHandle: string): string {
  return `${name}@${appHandle}`;
}
