import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/** scrypt's N, r and p. They are written beside each hash, so that raising them leaves old passwords valid. */
interface Cost {
  cost: number;
  blockSize: number;
  parallelism: number;
}

/** N = 2^14, r = 8, p = 5: OWASP's choice where memory is scarce (16 MiB; an isolate has 128). */
const costDefault: Cost = { cost: 16_384, blockSize: 8, parallelism: 5 };
const keyLength = 32;
const memoryMaxBytes = 64 * 1024 * 1024;

/** Hashes a password under a salt of its own: `scrypt$N$r$p$salt$key`, the last two in base64url. */
export async function hashPassword(password: string, parallelism = costDefault.parallelism): Promise<string> {
  const cost = { ...costDefault, parallelism };
  const salt = randomBytes(16);
  return print(cost, salt, await derive(password, salt, cost));
}

/** Whether the password is the one that was hashed, in constant time. A text that is no hash of ours never matches. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [scheme, cost, blockSize, parallelism, salt, key] = hash.split("$");
  if (scheme !== "scrypt" || salt === undefined || key === undefined) return false;
  const expected = Buffer.from(key, "base64url");
  const parameters = { cost: Number(cost), blockSize: Number(blockSize), parallelism: Number(parallelism) };
  const derived = await derive(password, Buffer.from(salt, "base64url"), parameters);
  return expected.length === derived.length && timingSafeEqual(derived, expected);
}

/** Spends what a verification costs, for an e-mail that nobody has: the answer's time must not tell. */
export async function verifyNobody(password: string, parallelism = costDefault.parallelism): Promise<false> {
  await derive(password, Buffer.alloc(16), { ...costDefault, parallelism });
  return false;
}

function derive(password: string, salt: Uint8Array, { cost, blockSize, parallelism }: Cost): Promise<Buffer> {
  // One spelling for one password: keyboards differ in how they compose letters with diacritics.
  const text = password.normalize("NFKC");
  const options = { N: cost, r: blockSize, p: parallelism, maxmem: memoryMaxBytes };
  return new Promise((resolve, reject) => {
    scrypt(text, salt, keyLength, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

function print({ cost, blockSize, parallelism }: Cost, salt: Buffer, key: Buffer): string {
  return ["scrypt", cost, blockSize, parallelism, salt.toString("base64url"), key.toString("base64url")].join("$");
}
