import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";

const sources = readdirSync("src/console", { recursive: true, encoding: "utf8" }).filter((file) =>
  /\.tsx?$/.test(file),
);
const assets = readdirSync("dist/assets/console/assets");

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
    const bytes = (ending: string) =>
      assets
        .filter((file) => file.endsWith(ending))
        .map((file) => gzipSync(readFileSync(join("dist/assets/console/assets", file))).length);
    const [scripts, styles] = [bytes(".js"), bytes(".css")];
    console.log(`console: script ${scripts} bytes, style ${styles} bytes, gzipped`);
    expect([scripts.length, styles.length, assets.length]).toEqual([1, 1, 2]);
    expect(scripts[0]).toBeLessThanOrEqual(60_000);
    expect(styles[0]).toBeLessThanOrEqual(10_000);
  });
});
