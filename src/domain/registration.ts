import { hourMs } from "./time";

/** A registration by its key, content and sender; without a key it cannot be repeated. */
interface Registered {
  registration: string | null;
  createdAt: number;
}

/** Tells whether a request repeats a registration: it is the same, and no older than an hour. */
export function isRepeated({ registration, createdAt }: Registered, by: string | null, nowMs: number): boolean {
  return registration !== null && registration === by && nowMs - createdAt < hourMs;
}
