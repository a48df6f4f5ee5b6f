import { unlessCutOff } from "./container";
import type { Cost } from "./cost";
import { sha256Hex } from "./crypto/hash";
import { hashPassword, verifyNobody, verifyPassword } from "./crypto/passwords";
import { dayMs, minuteMs } from "./domain/time";
import type { Environment } from "./env";
import type { Edge } from "./http/edge";
import { near } from "./near";
import type { Log } from "./operations/deps";

/** Counts one use of an owner's quota, exactly, in an object of its own. */
export async function takeFrom(
  env: Environment,
  { cost, nowMs }: { cost: Cost; nowMs: () => number },
  holder: string,
  { most, windowSeconds }: { most: number; windowSeconds: number },
  uses: 0 | 1,
) {
  const limiter = env.LIMITER.get(env.LIMITER.idFromName(holder), near(env));
  cost.hops += 1;
  const quota = { most, windowMs: windowSeconds * 1000 };
  const { allowed, left, resetMs } = await unlessCutOff(() => limiter.take(quota, nowMs(), uses));
  return { allowed, most, windowSeconds, left, resetSeconds: Math.ceil(resetMs / 1000) };
}

/**
 * After five failed attempts at a password in a row, the sixth has to wait a minute, the next two, and so on to a quarter
 * of an hour, which leaves a guesser a hundred a day. Nobody is locked out for good: a session goes on working, and the
 * networks of right attempts and of resets are counted apart (src/guides/decisions.md#rate-limits).
 */
const slowing = { free: 5, firstMs: minuteMs, mostMs: 15 * minuteMs, forgottenMs: dayMs, knownMs: 30 * dayMs };

/** Counts the attempts at each password, exactly, in an object of its own, also of accounts that do not exist. */
export function attemptsAt(
  env: Environment,
  { cost, nowMs, log }: { cost: Cost; nowMs: () => number; log: Log },
  origin: string,
): Edge["attempts"] {
  const from = sha256Hex(origin);
  const limiterOf = (kind: string, account: string) => {
    cost.hops += 1;
    return env.LIMITER.get(env.LIMITER.idFromName(`${kind}:${sha256Hex(account)}`), near(env));
  };
  return {
    async begin(kind, account) {
      const waitMs = await unlessCutOff(() => limiterOf(kind, account).attempt(slowing, nowMs(), from));
      return Math.ceil(waitMs / 1000);
    },
    async succeed(kind, account) {
      try {
        await limiterOf(kind, account).succeed(slowing, nowMs(), from);
      } catch (error) {
        log.warn("attempts_not_forgotten", { reason: String(error) }); // the next wrong one may have to wait
      }
    },
  };
}

/** Hashes passwords at the cost that the environment sets, and counts them. */
export function passwordsOf({ PASSWORD_PARALLELISM }: Environment, { cost }: { cost: Cost }): Edge["passwords"] {
  return {
    hash(password) {
      cost.passwordHashes += 1;
      return hashPassword(password, PASSWORD_PARALLELISM);
    },
    verify(password, hash) {
      cost.passwordHashes += 1;
      return hash === undefined ? verifyNobody(password, PASSWORD_PARALLELISM) : verifyPassword(password, hash);
    },
  };
}
