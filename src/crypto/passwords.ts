import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/**
 * The parameters N, r and p of scrypt. Each hash contains those that it was made with, so that old passwords stay valid
 * when the parameters are raised.
 */
interface Cost {
  cost: number;
  blockSize: number;
  parallelism: number;
}

/** N = 2^14, r = 8, p = 5: OWASP's choice if memory is scarce (16 MiB; an isolate has 128). */
const costDefault: Cost = { cost: 16_384, blockSize: 8, parallelism: 5 };
const keyLength = 32;
const memoryMaxBytes = 64 * 1024 * 1024;

/** Hashes a password with a new salt: `scrypt$N$r$p$salt$key`, the last two in base64url. */
export async function hashPassword(password: string, parallelism = costDefault.parallelism): Promise<string> {
  const cost = { ...costDefault, parallelism };
  const salt = randomBytes(16);
  return print(cost, salt, await derive(password, salt, cost));
}

/** Tells whether a password matches a hash, in constant time. A text that is no hash of ours never matches. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [scheme, cost, blockSize, parallelism, salt, key] = hash.split("$");
  if (scheme !== "scrypt" || salt === undefined || key === undefined) return false;
  const expected = Buffer.from(key, "base64url");
  const parameters = { cost: Number(cost), blockSize: Number(blockSize), parallelism: Number(parallelism) };
  const derived = await derive(password, Buffer.from(salt, "base64url"), parameters);
  return expected.length === derived.length && timingSafeEqual(derived, expected);
}

/**
 * Takes as long as a verification, for an e-mail that nobody has, so that the time does not tell whether it is known.
 */
export async function verifyNobody(password: string, parallelism = costDefault.parallelism): Promise<false> {
  await derive(password, Buffer.alloc(16), { ...costDefault, parallelism });
  return false;
}

function derive(password: string, salt: Uint8Array, { cost, blockSize, parallelism }: Cost): Promise<Buffer> {
  // Keyboards differ in how they compose letters with diacritics, so one form stands for all.
  const text = password.normalize("NFKC");
  const options = { N: cost, r: blockSize, p: parallelism, maxmem: memoryMaxBytes };
  return new Promise((resolve, reject) => {
    scrypt(text, salt, keyLength, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

function print({ cost, blockSize, parallelism }: Cost, salt: Buffer, key: Buffer): string {
  return ["scrypt", cost, blockSize, parallelism, salt.toString("base64url"), key.toString("base64url")].join("$");
}
