import { objectPath } from "../address";

/** An id that leads to what it names. In a table its middle is left out; the whole stands in its tooltip. */
export function Id({ id, whole = false }: { id: string; whole?: boolean }) {
  return (
    <a class="id" href={objectPath(id)} title={id}>
      {whole ? id : shortened(id)}
    </a>
  );
}

export function shortened(id: string): string {
  return id.length > 22 ? `${id.slice(0, 10)}…${id.slice(-6)}` : id;
}

/** Tells whether a text looks like an id that a timeline can be found by. */
export function looksLikeId(text: string): boolean {
  return (
    /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i.test(text) ||
    /^(pi|ch|cs|tr|re|po|py|pm|cus|acct|evt|dp|du|trr|txn|fee|fr|seti|pyr)_\w{6,}$/.test(text) ||
    /^TXN-[\w-]+$/.test(text)
  );
}
