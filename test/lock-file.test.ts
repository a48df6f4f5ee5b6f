import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

interface Locked {
  version?: string;
  resolved?: string;
  integrity?: string;
  link?: boolean;
  hasInstallScript?: boolean;
  optionalDependencies?: Record<string, string>;
}
const text = readFileSync("package-lock.json", "utf8");
const packages = (JSON.parse(text) as { packages: Record<string, Locked> }).packages;

// npm 11 refuses `npm ci` if a lock file lacks packages that only another platform installs.
it("locks the packages of every platform", () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !found(path, name))
      .map((name) => `${path} needs ${name}`),
  );
  expect(missing).toEqual([]);
});

it("names no registry but npm's own", () => {
  const registries = Object.values(packages).flatMap(({ resolved }) => resolved ?? []);
  expect(registries.filter((url) => !url.startsWith("https://registry.npmjs.org/"))).toEqual([]);
});

it.each(["package-lock.json", "test/tools/package-lock.json", "test/bench/peer/package-lock.json"])(
  "locks every package by its hash: %s",
  (file) => {
    const locked = (JSON.parse(readFileSync(file, "utf8")) as { packages: Record<string, Locked> }).packages;
    const others = Object.entries(locked).filter(([path, { link }]) => path !== "" && !link);
    expect(others.length).toBeGreaterThan(40);
    expect(others.filter(([, { integrity = "" }]) => !/^sha512-[\w+/]{86}==$/.test(integrity))).toEqual([]);
    const scripted = others.flatMap(([path, { hasInstallScript }]) =>
      hasInstallScript ? path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length) : [],
    );
    const known = ["@scarf/scarf", "esbuild", "node", "workerd"];
    expect(scripted.filter((name) => !known.includes(name))).toEqual([]);
  },
);

it("pins every dependency", () => {
  const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Record<string, Record<string, string>>;
  const ranges = { ...manifest.dependencies, ...manifest.devDependencies };
  expect(Object.entries(ranges).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
});

/** Tells whether the package at `path` finds `name` as in Node: beside it, or in any folder above. */
function found(path: string, name: string): boolean {
  for (let at = path; ; at = at.slice(0, Math.max(0, at.lastIndexOf("/node_modules/")))) {
    if (`${at === "" ? "" : `${at}/`}node_modules/${name}` in packages) return true;
    if (at === "") return false;
  }
}
