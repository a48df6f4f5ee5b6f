import type { SandboxEnv } from "../env";
import { renderInboxListPage, renderInboxPage, renderMessagePage } from "../pages";
import { formFields, page, seeOther } from "../people/respond";
import { type BoxState, INBOX_MODES } from "./inbox";
import { answerInbox, boxOf, inboxOf } from "./receive";
import { verify } from "./verify";

/** The most messages on a page; `GET /sandbox/control/inbox` has all. */
const SHOWN = 50;

/** Answers `/sandbox/inbox…`: receives what is posted to a box, and shows pages. */
export async function answerInboxPath(request: Request, env: SandboxEnv): Promise<Response> {
  const { origin, pathname } = new URL(request.url);
  if (pathname === "/sandbox/inbox" || pathname === "/sandbox/inbox/") {
    const boxes = await inboxOf(env).boxes();
    return page(200, (nonce) => renderInboxListPage({ nonce, origin, boxes }));
  }
  const told = boxOf(pathname.replace(/\/settings$/, ""));
  const box = boxOf(pathname);
  if (box === undefined) {
    if (told !== undefined) return changeSettings(request, env, told);
    return page(404, (nonce) => renderMessagePage({ nonce, kind: "not_found", link: null }));
  }
  const isLooking = request.method === "GET" || request.method === "HEAD";
  return isLooking ? showBox(env, origin, box) : answerInbox(request, env, box);
}

async function showBox(env: SandboxEnv, origin: string, box: string): Promise<Response> {
  const inbox = inboxOf(env);
  const [state, list, count] = await Promise.all([inbox.state(box), inbox.received(box, SHOWN), inbox.count(box)]);
  const received = await Promise.all(list.map(async (one) => ({ ...one, verdict: await verify(one, state.secrets) })));
  return page(200, (nonce) => renderInboxPage({ nonce, origin, box, ...state, count, received }));
}

/** Changes a box by the forms of its page: a mode, or the secrets in a text. */
async function changeSettings(request: Request, env: SandboxEnv, box: string): Promise<Response> {
  if (request.method === "POST") {
    const { mode, secrets } = await formFields(request);
    const chosen = INBOX_MODES.find((one) => one === mode);
    const changes: Partial<BoxState> = {
      ...(chosen === undefined ? {} : { mode: chosen }),
      ...(secrets === undefined ? {} : { secrets: secrets.split(/[\s,]+/).filter((secret) => secret !== "") }),
    };
    await inboxOf(env).tell(box, changes);
  }
  return seeOther(`/sandbox/inbox/${box}`);
}
