import { operator } from "./api";
import { entriesOf, versionOf } from "./timeline/entries";

/** The sum that a client has paid, which is typed once more before it is given back. */
export interface Total {
  minor: number;
  currency: string;
}

/** Reads the version of the object that the operator is about to change, and what was paid for it. */
export async function lookAt(object: string): Promise<{ version: string; total: Total | undefined }> {
  const read = await operator.viewTimeline({ query: { id: object } }).catch(() => undefined);
  if (!read) return { version: "0", total: undefined };
  const entries = entriesOf(read.data.entries);
  const accepted = entries.findLast(
    ({ raw }) => raw.kind === "event" && (raw as { type?: unknown }).type === "offer.accepted",
  );
  const { totalMinor: minor, currency } = ((accepted?.raw as { data?: unknown })?.data ?? {}) as Record<
    string,
    unknown
  >;
  const total = typeof minor === "number" && typeof currency === "string" ? { minor, currency } : undefined;
  return { version: String(versionOf(entries, object)), total };
}
