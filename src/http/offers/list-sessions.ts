import * as z from "zod";
import { type Session, sessionsOf } from "../../db/offers/tokens";
import { described, forDescription } from "../described";
import { ok } from "../route";
import { defineRoute } from "../serve";
import { offersDialect } from "./dialect";
import { data } from "./envelope";
import { timestamp, toTimestamp } from "./timestamp";

const sessionObject = forDescription(() =>
  z
    .strictObject({
      id: z.string(),
      tokenPrefix: z.string().meta({ description: "The token's first characters." }),
      current: z.boolean().meta({ description: "Whether it is the session of this request." }),
      createdAt: timestamp,
      lastUsedAt: timestamp.meta({ description: "To the hour." }),
      network: z.string().meta({ description: "The address of the last use, or its network of 64 bits for IPv6." }),
      expiresAt: timestamp,
    })
    .meta({ id: "Session" }),
);

export const listSessions = defineRoute(offersDialect, {
  operationId: "list-sessions",
  method: "get",
  path: "/me/sessions",
  ...described(() => ({
    tag: "Users",
    summary: "Where the current user is logged in",
    description: "All live sessions, newest first; fifty at most.",
    responses: { 200: { description: "The sessions", schema: data(z.array(sessionObject)) } },
  })),
  access: "user",
  async handle({ edge, caller }) {
    const { db, nowMs } = edge.deps;
    const [sessions] = await db.batch([sessionsOf(db, caller.id, nowMs())]);
    return ok({ data: sessions.map((one) => toSession(one, caller.session.id)) });
  },
});

function toSession({ id, prefix, createdAt, usedAt, network, expiresAt }: Session, currentId: string) {
  return {
    id,
    tokenPrefix: prefix,
    current: id === currentId,
    createdAt: toTimestamp(createdAt),
    lastUsedAt: toTimestamp(usedAt),
    network,
    expiresAt: toTimestamp(expiresAt),
  };
}
