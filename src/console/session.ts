import { computed, signal } from "@preact/signals";
import type { ViewOperatorSessionResult } from "#operator";
import { change, type Failure, failureOf, heard, operator } from "./api";

type Session = ViewOperatorSessionResult["data"];

/** The operator who is signed in; undefined until that is known, null if nobody is. */
export const session = signal<Session | null | undefined>(undefined);

/** The real time, every second. */
export const tick = signal(Date.now());

/** Until when things may be changed; undefined while they may only be read. The server enforces the same. */
export const writesUntil = computed(() => {
  const { scope, writesUntil: until } = session.value ?? {};
  if (scope !== "write" || !until) return undefined;
  return Date.parse(until) > tick.value ? Date.parse(until) : undefined;
});

export const isUnlocked = computed(() => writesUntil.value !== undefined);

/** Asks for the token: to sign in, or to unlock. */
export const asksForToken = signal<"write" | undefined>(undefined);

/** Learns who is signed in. A 401 anywhere opens the sign-in over the page, which is kept. */
export async function followSession(): Promise<void> {
  setInterval(() => {
    tick.value = Date.now();
  }, 1_000);
  heard.push((status) => {
    if (status === 401 && !isSigningIn) session.value = null;
  });
  await learn();
}

async function learn(): Promise<void> {
  try {
    session.value = (await operator.viewOperatorSession()).data;
  } catch (thrown) {
    const { status } = failureOf(thrown);
    if (status === 401) session.value = null;
    else setTimeout(learn, 3_000);
  }
}

let isSigningIn = false;

/** Signs in, or unlocks. The token is sent once and kept nowhere. Returns what went wrong. */
export async function begin(token: string, scope: "read" | "write"): Promise<Failure | undefined> {
  isSigningIn = true;
  try {
    const headers = { Authorization: `Bearer ${token}` };
    const answer = await change({ method: "POST", path: "/api/v1/admin/session", body: { scope }, headers });
    session.value = (answer as ViewOperatorSessionResult).data;
    return undefined;
  } catch (thrown) {
    return failureOf(thrown);
  } finally {
    isSigningIn = false;
  }
}

/** Gives up changing things. */
export async function lock(): Promise<void> {
  const answer = await change({ method: "POST", path: "/api/v1/admin/session", body: { scope: "read" } });
  session.value = (answer as ViewOperatorSessionResult).data;
}

export async function signOut(): Promise<void> {
  await change({ method: "DELETE", path: "/api/v1/admin/session" }).catch(failureOf);
  session.value = null;
}
