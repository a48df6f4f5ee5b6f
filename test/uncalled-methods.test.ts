import { describe, expect, it } from "vitest";
import { leaveOutUncalled, readNames } from "../src/cli/uncalled-methods";

const library = `export class Client {
  open() { return this.#send("open"); }
  close() { return this.#send("close"); }
  get state() { return "open"; }
  static from(text) { return new Client(text); }
  toJSON() { return {}; }
  ["computed"]() { return 1; }
  #send(what) { return what; }
}`;

/** Returns the library as a bundle keeps it, whose own code is given. */
function keptBy(own: string, id = "/node_modules/client/index.js", code = library): string {
  const { transform } = leaveOutUncalled(readNames(own)) as unknown as {
    transform: (code: string, id: string) => { code: string } | null;
  };
  return transform(code, id)?.code ?? code;
}

describe("methods of libraries that nothing calls", () => {
  it("are left out, without what is called, private, computed or called by the language", () => {
    const kept = keptBy("client.open();");
    for (const name of ["open()", "toJSON()", '["computed"]()', "#send(what)"]) expect(kept).toContain(name);
    for (const name of ["close()", "get state()", "static from("]) expect(kept).not.toContain(name);
  });

  it.each([
    ["a destructuring", "const { close } = client;"],
    ["a name in brackets", 'client["close"]();'],
    ["a text that a library may call", 'const name = "close"; client[name]();'],
  ])("stay where %s names them", (_, own) => expect(keptBy(own)).toContain("close()"));

  it("stay where the class is Accord's own", () => {
    expect(keptBy("", "/src/durable/client.ts")).toBe(library);
  });

  it("of a schema of zod go although a text has their name, which is the name of a format", () => {
    const schema = 'make({ email(params) { return check("email", params); }, min(n) { return n; } });';
    const kept = keptBy('text.min(1); const format = "email";', "/node_modules/zod/v4/classic/schemas.js", schema);
    expect(kept).toContain("min(n)");
    expect(kept).not.toContain("email(params)");
  });
});
