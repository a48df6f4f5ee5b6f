import { signal } from "@preact/signals";

/** The sentences of explanations by their codes; undefined until they are read. */
export const sentences = signal<Readonly<Record<"codes" | "next", Readonly<Record<string, string>>>> | undefined>(
  undefined,
);

/** Reads them once. Without them the codes are shown as words. */
export async function readSentences(): Promise<void> {
  const read = await fetch("/explanations.json").catch(() => undefined);
  sentences.value = read?.ok ? await read.json() : { codes: {}, next: {} };
}
