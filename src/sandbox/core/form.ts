import { invalid } from "./refusal";

/** A parsed form: strings at the leaves, objects and arrays above them. */
export type FormValue = string | FormValue[] | { [name: string]: FormValue };
export type FormRecord = { [name: string]: FormValue };

/** Parses `a[b][0]=c&d[]=e`, the form of bodies and queries in Stripe's SDKs. */
export function parseForm(text: string): FormRecord {
  const root: FormRecord = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) {
    put(root, segmentsOf(name), value);
  }
  return withArrays(root) as FormRecord;
}

function segmentsOf(name: string): string[] {
  const bracket = name.indexOf("[");
  if (bracket <= 0) {
    return [name];
  }
  return [
    name.slice(0, bracket),
    ...Array.from(name.slice(bracket).matchAll(/\[([^\]]*)\]/g), (match) => match[1] ?? ""),
  ];
}

const DEEPEST = 20;

function put(root: FormRecord, segments: readonly string[], value: string): void {
  if (segments.length > DEEPEST) {
    throw invalid(segments[0], `Invalid object: nested deeper than ${DEEPEST} levels`);
  }
  let place = root;
  for (const [index, segment] of segments.entries()) {
    const name = segment === "" ? String(Object.keys(place).length) : segment;
    if (index === segments.length - 1) {
      place[name] = value;
      return;
    }
    const next = place[name];
    if (typeof next === "object" && !Array.isArray(next)) {
      place = next;
    } else {
      const fresh: FormRecord = Object.create(null);
      place[name] = fresh;
      place = fresh;
    }
  }
}

function withArrays(value: FormValue): FormValue {
  if (typeof value === "string" || Array.isArray(value)) {
    return value;
  }
  const entries = Object.entries(value).map(([name, inner]) => [name, withArrays(inner)] as const);
  const isArray = entries.length > 0 && entries.every(([name], index) => name === String(index));
  return isArray ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
}
