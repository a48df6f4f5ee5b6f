import { readdirSync, readFileSync } from "node:fs";

const msPerTick = 10; // USER_HZ is 100 on every Linux that we know

/**
 * Returns the CPU time, in milliseconds, that the runtimes below a process have used so far: workerd with its local D1,
 * and wrangler's proxy before it. Returns undefined without /proc.
 */
export function runtimeCpuMs(group: number): number | undefined {
  try {
    const ticks = readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => ticksOf(pid, group));
    return ticks.reduce((sum, one) => sum + one, 0) * msPerTick;
  } catch {
    return undefined;
  }
}

function ticksOf(pid: string, group: number): number {
  try {
    // The name, in parentheses, may hold spaces: pid (name) state ppid pgrp … utime and stime are the 14th and 15th.
    const [head = "", tail = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
    const fields = tail.split(" ");
    if (Number(fields[2]) !== group || !head.includes("(workerd")) return 0;
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return 0; // gone meanwhile
  }
}
