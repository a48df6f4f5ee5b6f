import { resolve } from "node:path";
import metadata from "libphonenumber-js/min/metadata";
import { replaceFile } from "./replace-file.ts";
import { root } from "./wrangler.ts";

/** The layout that the place below belongs to. */
const version = 4;
/** Where a numbering plan has its spellings for the eye, half of all there is. We store and show E.164. */
const spellings = 4;

/** Writes the numbering plans by which a phone number is recognised. Throws when the library lays them out anew. */
export function writePhoneMetadata(): void {
  if (metadata.version !== version)
    throw new Error(`libphonenumber-js has metadata ${metadata.version}, not ${version}`);
  const { countries, nonGeographic } = metadata;
  const trimmed = {
    ...metadata,
    countries: withoutSpellings(countries),
    nonGeographic: withoutSpellings(nonGeographic),
  };
  replaceFile(resolve(root, "dist/phone-metadata.json"), JSON.stringify(trimmed));
}

function withoutSpellings(plans: Record<string, readonly unknown[]>) {
  const trimmed = (plan: readonly unknown[]) => plan.map((part, place) => (place === spellings ? 0 : part));
  return Object.fromEntries(Object.entries(plans).map(([name, plan]) => [name, trimmed(plan)]));
}
