/**
 * Installs the programs of others that look at the API from outside, with a lock of their own. They lie outside of the
 * tests, whose runner would look through all that they bring.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

const here = import.meta.dirname;
export const tools = resolve(here, "../../dist/tools");

mkdirSync(tools, { recursive: true });
for (const name of ["package.json", "package-lock.json"]) copyFileSync(join(here, name), join(tools, name));
if (!existsSync(join(tools, "node_modules"))) {
  execFileSync("npm", ["ci", "--ignore-scripts", "--loglevel=error"], { cwd: tools, stdio: "inherit" });
}
