import { describe, expect, it } from "vitest";
import { openMailer } from "../../src/mail/mailer";
import { mailTexts } from "../../src/mail/texts";

const sender = { name: "Shop", frontendUrl: "https://shop.test", texts: async () => mailTexts };
const from = "Shop <nobody@shop.test>";
const nothing = { from, url: undefined, token: undefined, binding: undefined, fetch };
const letter = { to: "jana@example.com", subject: "Shop: Hello", text: "Hello.\n", linkHash: "" };
const mail = { from, to: letter.to, subject: letter.subject, text: letter.text };

/** A network that keeps what is sent and gives one answer. */
function network(answer: () => Response | Promise<Response>) {
  const sent: Request[] = [];
  const fetch = async (input: RequestInfo | URL, init?: RequestInit) => {
    sent.push(new Request(input as RequestInfo, init));
    return answer();
  };
  return { sent, fetch: fetch as typeof globalThis.fetch };
}

describe("a mailer", () => {
  it("is none without a sender, or without a way out", () => {
    const binding = { send: async () => ({ messageId: "1" }) };
    expect(openMailer(nothing, sender)).toBeUndefined();
    expect(openMailer({ ...nothing, from: undefined, url: "https://mailer.test", binding }, sender)).toBeUndefined();
  });

  it("hands a mail to Cloudflare's Email Service", async () => {
    const sent: unknown[] = [];
    const binding = {
      async send(one: unknown) {
        sent.push(one);
        return { messageId: "1" };
      },
    };
    await openMailer({ ...nothing, binding }, sender)?.send(letter, "key-1");
    expect(sent).toEqual([mail]);
  });

  it("posts a mail with a token and a key, to an HTTP mailer that comes first", async () => {
    const { sent, fetch } = network(() => Response.json({ id: "1" }));
    const binding = { send: () => Promise.reject(new Error("not this way")) };
    await openMailer({ from, url: "https://mailer.test/emails", token: "t", binding, fetch }, sender)?.send(
      letter,
      "k",
    );
    const [request] = sent;
    expect([request?.method, request?.url]).toEqual(["POST", "https://mailer.test/emails"]);
    expect(request?.headers.get("Authorization")).toBe("Bearer t");
    expect(request?.headers.get("Idempotency-Key")).toBe("k");
    expect(await request?.json()).toEqual(mail);
  });

  it.each([
    ["refuses", () => new Response("no", { status: 422 })],
    ["is down", () => new Response(null, { status: 503 })],
    ["points elsewhere", () => new Response(null, { status: 302, headers: { Location: "https://other.test" } })],
    ["breaks off", () => Promise.reject(new TypeError("network"))],
  ])("that %s has not sent the mail", async (_, answer) => {
    const { sent, fetch } = network(answer);
    const mailer = openMailer({ ...nothing, url: "https://mailer.test/", fetch }, sender);
    await expect(mailer?.send(letter, "k")).rejects.toThrow();
    expect(sent).toHaveLength(1);
  });
});

describe("a mail", () => {
  const recipient = { userId: "u1", address: "ján+x@example.com", expiresAt: 1_800_000_000_500 };
  const mailer = openMailer({ ...nothing, url: "https://mailer.test/" }, sender);

  it("has a new link each time it is written, to the front end", async () => {
    const [one, other] = [
      await mailer?.write({ ...recipient, kind: "reset-password" }),
      await mailer?.write({ ...recipient, kind: "reset-password" }),
    ];
    expect(one?.linkHash).not.toBe(other?.linkHash);
    const link = new URL(/^https\S+$/m.exec(one?.text ?? "")?.[0] ?? "");
    expect(link.origin + link.pathname).toBe("https://shop.test/reset-password");
    expect(link.searchParams.get("email")).toBe(recipient.address);
    expect(one?.text).not.toContain(one?.linkHash);
  });

  it("that verifies names the request by its path alone", async () => {
    const { text = "" } = (await mailer?.write({ ...recipient, kind: "verify-email" })) ?? {};
    const link = new URL(/^https\S+$/m.exec(text)?.[0] ?? "");
    expect(link.searchParams.get("url")).toMatch(
      /^\/api\/v1\/auth\/email\/verify\/u1\/[0-9a-f]{40}\?expires=1800000000&signature=[0-9a-f]{64}$/,
    );
  });

  it("about a change has no link", async () => {
    for (const kind of ["password-changed", "email-changed"] as const) {
      expect((await mailer?.write({ ...recipient, kind }))?.text).not.toMatch(/https?:/);
    }
  });
});
