import type { Compared, Comparison } from "./compare.ts";

/** Prints the ratios of each operation, and in brackets what was measured for the two sides. */
export function printComparison<O extends string>(operations: readonly O[], { of }: Comparison<O>): void {
  const column = (compared: Compared | undefined, digits: number) => {
    if (!compared) return "".padEnd(22);
    const absolute = `(${compared.measured.toFixed(digits)} / ${compared.baseline.toFixed(digits)})`;
    return `${compared.ratio.toFixed(2).padStart(6)}  ${absolute.padEnd(16)}`;
  };
  const heads = ["requests a second", "p50 latency, ms", "p99 latency, ms", "CPU of the runtime, ms"];
  console.log(`${"".padEnd(18)}${heads.map((head) => head.padEnd(24)).join("")}`);
  for (const operation of operations) {
    const cells = [
      column(of(operation, "perSecond"), 0),
      column(of(operation, "p50Ms"), 1),
      column(of(operation, "p99Ms"), 1),
      column(of(operation, "cpuMs"), 1),
    ];
    console.log(operation.padEnd(18) + cells.join(""));
  }
}
