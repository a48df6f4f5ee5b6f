/**
 * Values that are printed in this repository: what `.dev.vars.example` and the guides write where a value of one's own
 * belongs, and the sandbox's own keys and tokens. Everybody can read them, so a deployment that took one for a secret
 * would believe anybody.
 */
const published = [
  /replace[_-](?:me|with)/i,
  /\bwhsec_(?:platform|connected_accounts)\b/,
  /\/\/app\.example\.com\b/,
  /\bwhsec_sandbox_/,
  /_sandbox\b/,
  // How the sandbox's keys begin in base64: "sandbox-", and the point of its encryption key.
  /c2FuZGJveC1/,
  /IkhZZFZJT3df|eCI6IkhZZFZJ/,
];

/** Whether `value`, or an entry of it where it is a list, is one that everybody can read in the repository. */
export function isPublished(value: string): boolean {
  return published.some((pattern) => pattern.test(value));
}
