import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import { go, objectPath } from "../address";
import { type Failure, failureOf, operator } from "../api";
import { Title } from "../parts/bars";
import { Dialog } from "../parts/dialog";
import { wordsOf } from "../parts/icon";
import { Failed } from "../parts/states";

/** Whether the search is open over the page. */
export const searches = signal(false);

interface Hit {
  kind: string;
  label: string;
  path: string;
}

/** The search as a dialog over any page. */
export function SearchDialog() {
  if (!searches.value) return null;
  const close = () => {
    searches.value = false;
  };
  return (
    <Dialog title="Find anything" close={close} class="search">
      <SearchForm opened={close} />
      <div class="buttons">
        <button type="button" onClick={close}>
          Close
        </button>
      </div>
    </Dialog>
  );
}

export function SearchScreen() {
  return (
    <>
      <Title>Search</Title>
      <SearchForm />
    </>
  );
}

/** Asks for any text, and leads to what it means. The text does not stand in the address, because it may be a person's. */
function SearchForm({ opened = () => undefined }: { opened?: () => void }) {
  const [text, setText] = useState("");
  const [asked, setAsked] = useState("");
  const [hits, setHits] = useState<readonly Hit[]>();
  const [failure, setFailure] = useState<Failure>();
  const open = (path: string) => {
    opened();
    go(path);
  };
  const ask = async () => {
    const wanted = text.trim();
    if (wanted === "") return;
    if (hits?.[0] && wanted === asked) return open(hits[0].path);
    setAsked(wanted);
    setFailure(undefined);
    setHits(undefined);
    try {
      const found = await find(wanted);
      if (found.length === 1 && found[0]) open(found[0].path);
      else setHits(found);
    } catch (thrown) {
      setFailure(failureOf(thrown));
    }
  };
  return (
    <search>
      <form
        class="find"
        onSubmit={(event) => {
          event.preventDefault();
          void ask();
        }}
      >
        <label>
          Id, reference, tag, order or e-mail
          <input
            data-first
            value={text}
            autocomplete="off"
            spellcheck={false}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>
        <button type="submit" class="main">
          Find
        </button>
      </form>
      <div role="status">
        {hits?.length === 0 && (
          <p>
            Nothing has this id. What has none of its own here (a request, a card) is found through what it belongs to.
          </p>
        )}
        {hits && hits.length > 1 && (
          <ul class="hits">
            {hits.map(({ kind, label, path }) => (
              <li key={`${kind} ${path}`}>
                <a href={path} onClick={opened}>
                  <strong>{kind}</strong> <bdi>{label}</bdi>
                </a>
              </li>
            ))}
          </ul>
        )}
      </div>
      {failure && <Failed failure={failure} />}
      <p class="quiet">
        Ours and Stripe's ids, TXN-… references, tags, handles, e-mail addresses, orders. Enter opens what is found, the
        first of several at its second press.
      </p>
    </search>
  );
}

/** Asks what a text names. What the search does not know may still be the id of a request or of a call. */
async function find(text: string): Promise<Hit[]> {
  const { data } = await operator.search({ query: { q: text } });
  if (data.length > 0)
    return data.map(({ kind, id, label, matchedBy }) => ({
      kind: kind === "other" && matchedBy === "order_id" ? "Order" : wordsOf(kind),
      label: label ?? id,
      path: pathOf(kind, id),
    }));
  try {
    await operator.viewTimeline({ query: { id: text } });
    return [{ kind: "Object", label: text, path: objectPath(text) }];
  } catch (thrown) {
    if (failureOf(thrown).status === 404) return [];
    throw thrown;
  }
}

function pathOf(kind: string, id: string): string {
  if (kind === "user") return `/console/users/${id}`;
  if (kind === "developer") return `/console/developers/${id}`;
  if (kind === "settlement_day") return `/console/settlement/${id}`;
  return objectPath(id);
}
