/**
 * Values that are printed in this repository: placeholders in `.dev.vars.example` and the guides, and the sandbox's own
 * keys and tokens. Everybody can read them, so a deployment that used one as a secret would trust everybody.
 */
const published = [
  /replace[_-](?:me|with)/i,
  /\bwhsec_(?:platform|connected_accounts)\b/,
  /\/\/app\.example\.com\b/,
  /\bwhsec_sandbox_/,
  /_sandbox\b/,
  // The beginnings of the sandbox's keys in base64: "sandbox-", and the point of its encryption key.
  /c2FuZGJveC1/,
  /IkhZZFZJT3df|eCI6IkhZZFZJ/,
];

/** Tells whether `value`, or an entry of it if it is a list, is printed in the repository. */
export function isPublished(value: string): boolean {
  return published.some((pattern) => pattern.test(value));
}
