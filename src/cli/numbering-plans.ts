import metadata from "libphonenumber-js/min/metadata";

/** The layout that the place below belongs to. */
const version = 4;
/** Where a numbering plan has its spellings for the eye, half of all there is. We store and show E.164. */
const spellings = 4;

/** The numbering plans by which a phone number is recognised. Throws when the library lays them out anew. */
export function numberingPlans(): typeof metadata {
  if (metadata.version !== version)
    throw new Error(`libphonenumber-js has metadata ${metadata.version}, not ${version}`);
  const { countries, nonGeographic } = metadata;
  return {
    ...metadata,
    countries: withoutSpellings(countries),
    nonGeographic: withoutSpellings(nonGeographic),
  };
}

function withoutSpellings<Plans extends object>(plans: Plans): Plans {
  const trimmed = (plan: readonly unknown[]) => plan.map((part, place) => (place === spellings ? 0 : part));
  return Object.fromEntries(Object.entries(plans).map(([name, plan]) => [name, trimmed(plan)])) as Plans;
}
