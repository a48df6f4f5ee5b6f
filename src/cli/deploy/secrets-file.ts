import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Runs `use` with a file that only this user can read. It contains `values` as JSON, which wrangler takes unchanged: in
 * a file of the other form the shell's variables would win and every `$` would be expanded. The file is deleted
 * afterwards, however that ends.
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

/** Signals that end a program. Its `exit` listeners run only if it ends itself, so the signals are handled. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
