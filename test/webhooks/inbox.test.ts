import { beforeEach, describe, expect, it } from "vitest";
import { checkedSend, journey } from "../http/checked";
import { mistakesIn } from "../sandbox/well-formed";
import { arrivals, makeEndpoint, sendTest } from "./owner";

beforeEach(() => journey.reset());

const form = { "Content-Type": "application/x-www-form-urlencoded" };

function get(path: string) {
  return journey.call("GET", `/sandbox/inbox${path}`);
}

async function settings(box: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
  const body = new URLSearchParams(fields).toString();
  const url = `http://localhost:8787/sandbox/inbox/${box}/settings`;
  return checkedSend(new Request(url, { method: "POST", body, headers: { ...form, ...headers }, redirect: "manual" }));
}

describe("the inbox", () => {
  it("shows what arrived, and whether it verifies with the secret that was pasted", async () => {
    const endpoint = await makeEndpoint("main");
    await sendTest(endpoint);
    const before = (await get("/main")).body;
    expect(before).toContain("webhook_endpoint.test");
    expect(before).toContain("number 1 of its resource");
    expect(before).toContain("webhook-signature");
    expect(before).toContain("Not checked");
    expect((await settings("main", { secrets: `${endpoint.secret}\r\n` })).status).toBe(303);
    const after = (await get("/main")).body;
    expect(after).toContain("Signature verified");
    expect(mistakesIn(after)).toEqual([]);
    expect((await get("")).body).toContain('href="/sandbox/inbox/main"');
    expect(mistakesIn((await get("")).body)).toEqual([]);
  });

  it("receives at its real address what anybody posts, and escapes it", async () => {
    const body = { type: "<script>alert(1)</script>", sequence: 7 };
    expect((await journey.call("POST", "/sandbox/inbox/main", { body })).status).toBe(200);
    const page = (await get("/main")).body;
    expect(page).toContain("&lt;script&gt;alert(1)");
    expect(page).not.toContain("<script>alert(1)");
    expect(page).toContain("Not signed");
    expect(mistakesIn(page)).toEqual([]);
  });

  it("answers as its buttons were set, and a redirect leads nowhere", async () => {
    const post = () => journey.call("POST", "/sandbox/inbox/main", { body: {} });
    for (const [mode, status] of [
      ["fail", 500],
      ["throttle", 429],
      ["gone", 410],
      ["redirect", 302],
      ["ok", 200],
    ] as const) {
      await settings("main", { mode });
      const answer = await post();
      expect(answer.status, mode).toBe(status);
      if (mode === "throttle") expect(answer.headers.get("Retry-After")).toBe("120");
      expect((await get("/main")).body).toContain(`value="${mode}" class="primary" aria-pressed="true"`);
    }
    await settings("main", { mode: "nonsense" });
    expect((await post()).status).toBe(200);
    expect(await arrivals("redirected")).toEqual([]);
  });

  it("refuses settings from pages of another origin", async () => {
    expect((await settings("main", { mode: "gone" }, { Origin: "https://elsewhere.example.com" })).status).toBe(403);
    expect((await journey.call("POST", "/sandbox/inbox/main", { body: {} })).status).toBe(200);
  });

  it.each(["/a/b", "/a.b", `/${"x".repeat(65)}`, "/a%20b", "/main/settings/more"])("has no box at %s", async (path) => {
    expect((await get(path)).status).toBe(404);
    expect((await journey.call("POST", `/sandbox/inbox${path}`, { body: {} })).status).toBe(404);
  });

  it("says on the start page how a first webhook is seen", async () => {
    const { body } = await journey.call("GET", "/sandbox");
    expect(body).toContain("/api/v1/webhook-endpoints");
    expect(body).toContain('href="/sandbox/inbox/main"');
    expect(mistakesIn(body)).toEqual([]);
  });
});
