/** The settings of which some values are dangerous, parsed; a setting that is not given is not judged. */
interface Given {
  STRIPE_SECRET_KEY?: string;
  STRIPE_PUBLISHABLE_KEY?: string | undefined;
  STRIPE_WEBHOOK_SECRETS?: readonly string[];
  ADMIN_TOKENS?: readonly { name: string; token: string }[];
  FRONTEND_URL?: string | undefined;
  CORS_ORIGINS?: readonly string[];
  SANDBOX?: boolean;
}

/** Lists the settings that are well formed and dangerous, by name. A deployment with one of them does not start. */
export function unsafeSettings(given: Given): string[] {
  const { STRIPE_SECRET_KEY: key = "", SANDBOX: isSandbox, ADMIN_TOKENS: tokens = [] } = given;
  return [
    ...(isSandbox ? [] : tokens)
      .filter(({ token }) => canBeGuessed(token))
      .map(
        ({ name }) => `ADMIN_TOKENS: the token of ${name} can be guessed: make one of 64 digits, openssl rand -hex 32`,
      ),
    ...modesDiffer(key, given.STRIPE_PUBLISHABLE_KEY),
    ...(isLive(key) ? unsafeWithRealMoney(given) : []),
  ];
}

function unsafeWithRealMoney({ STRIPE_WEBHOOK_SECRETS, FRONTEND_URL = "", CORS_ORIGINS = [], SANDBOX }: Given) {
  return [
    ...(SANDBOX
      ? ["SANDBOX is true with a live key: everybody knows the sandbox's tokens and can move its clock"]
      : []),
    ...(STRIPE_WEBHOOK_SECRETS?.length === 0
      ? ["STRIPE_WEBHOOK_SECRETS is missing with a live key: no event of Stripe's could be believed"]
      : []),
    ...(isPlain(FRONTEND_URL) ? ["FRONTEND_URL must be https with a live key"] : []),
    ...CORS_ORIGINS.filter(isPlain).map((origin) => `CORS_ORIGINS must be https with a live key, and ${origin} is not`),
  ];
}

function modesDiffer(secret: string, publishable: string | undefined): string[] {
  if (!secret || !publishable || isLive(publishable) === isLive(secret)) return [];
  return ["STRIPE_PUBLISHABLE_KEY is of the other mode than STRIPE_SECRET_KEY"];
}

/** Tells whether a key of Stripe moves real money. */
export function isLive(key: string): boolean {
  return /^(sk|rk|pk)_live_/.test(key);
}

/** Tells whether a token is too short or too regular for a random one: 32 characters, 8 of them different. */
function canBeGuessed(token: string): boolean {
  return token.length < 32 || new Set(token).size < 8;
}

function isPlain(url: string): boolean {
  return url.startsWith("http:");
}
