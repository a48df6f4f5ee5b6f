import { spawnSync } from "node:child_process";

/** Pastes commands into a fresh bash, as a newcomer would. Returns everything that is printed; never throws. */
export function paste(commands: string): string {
  const { stdout, stderr } = spawnSync("bash", ["-c", commands], { encoding: "utf8", timeout: 60_000 });
  return stdout + stderr;
}
