import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";
import { journeys } from "../src/console/journeys/journeys";

const sources = readdirSync("src/console", { recursive: true, encoding: "utf8" }).filter((file) =>
  /\.tsx?$/.test(file),
);
const filesIn = (folder: string) => readdirSync(join(folder, "console/assets"));

/** The compressed sizes of a console's scripts and style sheets. */
function bytesIn(folder: string, name: string) {
  const sizes = (ending: string) =>
    filesIn(folder)
      .filter((file) => file.startsWith(`${name}-`) && file.endsWith(ending))
      .map((file) => gzipSync(readFileSync(join(folder, "console/assets", file))).length);
  return { scripts: sizes(".js"), styles: sizes(".css") };
}

describe("the console", () => {
  it("makes markup of no text, and sets no style but by its sheet", () => {
    expect(sources.length).toBeGreaterThan(30);
    const wrong = sources.filter((file) =>
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\bstyle=|\.style\b|\beval\(|new Function/i.test(
        readFileSync(join("src/console", file), "utf8"),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it("is one script of at most 60 KB and one style sheet of at most 10 KB, compressed", () => {
    const { scripts, styles } = bytesIn("dist/assets", "console");
    console.log(`console: script ${scripts} bytes, style ${styles} bytes, gzipped`);
    expect([scripts.length, styles.length, filesIn("dist/assets").length]).toEqual([1, 1, 2]);
    expect(scripts[0]).toBeLessThanOrEqual(60_000);
    expect(styles[0]).toBeLessThanOrEqual(10_000);
  });

  it("loads in the sandbox at most 15 KB of script more at once, and the clients of the three contracts later", () => {
    const [own, sandbox] = [bytesIn("dist/assets", "console"), bytesIn("dist/sandbox", "sandbox")];
    const { scripts: later } = bytesIn("dist/sandbox", "later");
    console.log(`the sandbox's console: script ${sandbox.scripts} bytes, style ${sandbox.styles} bytes, gzipped`);
    expect([sandbox.scripts.length, sandbox.styles.length, later.length]).toEqual([1, 1, 4]);
    expect(sandbox.scripts[0]).toBeLessThanOrEqual((own.scripts[0] ?? 0) + 15_000);
    expect(sandbox.styles[0]).toBeLessThanOrEqual(10_000);
  });
});

describe("the Welcome", () => {
  const settings = parse(readFileSync("wrangler.toml", "utf8")) as unknown as {
    assets: { directory: string; run_worker_first: string[] };
    env: { sandbox: { assets: { directory: string } } };
  };
  const markers = [...journeys.flatMap(({ chapters }) => chapters.map(({ title }) => title)), "/sandbox/control/"];
  /** The files of a folder of assets that hold one of the markers, but for the guides and the reference. */
  const holding = (folder: string) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => /\.(js|css|html)$/.test(file) && !/^(guides|docs)\//.test(file))
      .filter((file) => markers.some((marker) => readFileSync(join(folder, file), "utf8").includes(marker)));

  it("is in the script of the sandbox's console, which no deployment uploads", () => {
    const { assets, env } = settings;
    expect([assets.directory, env.sandbox.assets.directory]).toEqual(["dist/assets", "dist/sandbox"]);
    expect(holding("dist/sandbox")).toEqual([expect.stringMatching(/^console\/assets\/sandbox-[\da-f]{12}\.js$/)]);
    expect(holding("dist/assets")).toEqual([]);
    expect(readFileSync("dist/assets/console/index.html", "utf8")).not.toContain("sandbox");
  });

  it("changes nothing else of what is served", () => {
    const { directory: _, ...deployed } = settings.assets;
    expect(settings.env.sandbox.assets).toMatchObject(deployed);
    const others = (folder: string) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((file) => !/^(console\/|_headers$|release\.json$)/.test(file))
        .sort();
    expect(others("dist/sandbox")).toEqual(others("dist/assets"));
  });
});
