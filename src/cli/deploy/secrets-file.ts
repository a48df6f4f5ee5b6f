import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Lends `use` a file that only this user can read, with `values` as JSON, which wrangler takes as it is: in a file of the
 * other form it would let the shell's variables win and expand every `$`. The file is gone afterwards, however that ends.
 */
export async function withSecretsFile<Result>(
  values: Record<string, string>,
  use: (path: string) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "accord-settings-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const stop = () => process.exit(1);
  process.on("exit", remove);
  for (const signal of signals) process.on(signal, stop);
  try {
    const path = join(folder, "secrets.json");
    writeFileSync(path, JSON.stringify(values), { mode: 0o600 });
    return await use(path);
  } finally {
    remove();
    process.off("exit", remove);
    for (const signal of signals) process.off(signal, stop);
  }
}

/** What ends a program without asking it. Its `exit` listeners run when it ends itself instead. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
