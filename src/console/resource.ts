import { useEffect, useRef, useState } from "preact/hooks";
import { type Failure, failureOf } from "./api";
import { changes } from "./pulse";
import { session } from "./session";

/** Something that is read from the server, with what is known of it meanwhile. */
export interface Resource<T> {
  value: T | undefined;
  /** The last failure. A value that was read before stays beside it. */
  failure: Failure | undefined;
  isLoading: boolean;
  /** A newer value that waits to be shown, of a resource that does not jump. */
  next: T | undefined;
  again: () => void;
  showNext: () => void;
}

interface Options {
  /** Whether a newer value is only announced, as for lists that somebody reads. */
  steady?: boolean;
  /** Whether it is read again when something has changed. */
  live?: boolean;
}

type State<T> = Omit<Resource<T>, "again" | "showNext"> & {
  key: string;
  /** Whether the value is of the key before. */
  isOld?: boolean;
};

const nothing = { value: undefined, failure: undefined, isLoading: true, next: undefined };

/** Reads something, again whenever `key` or the server's state has changed. */
export function useResource<T>(key: string, read: () => Promise<T>, { steady = false, live = true }: Options = {}) {
  const [state, setState] = useState<State<T>>({ ...nothing, key });
  const [asked, setAsked] = useState(0);
  const shown = useRef(state);
  // A list keeps the rows of the filter before until those of the present one are there.
  const before = steady ? { ...nothing, value: state.value, isOld: true } : nothing;
  shown.current = state.key === key ? state : { ...before, key };
  const isSignedIn = Boolean(session.value);
  const change = live ? changes.value : 0;
  useEffect(() => {
    if (!isSignedIn) return;
    let isCurrent = true;
    const set = (next: Partial<State<T>>) => {
      if (isCurrent) setState({ ...shown.current, isLoading: false, ...next });
    };
    read().then(
      (value) => {
        const { value: known, isOld } = shown.current;
        const isNews = steady && !isOld && known !== undefined && JSON.stringify(known) !== JSON.stringify(value);
        set(isNews ? { next: value, failure: undefined } : { value, failure: undefined, isOld: false });
      },
      (thrown) => set({ failure: failureOf(thrown) }),
    );
    return () => {
      isCurrent = false;
    };
  }, [key, asked, change, isSignedIn]);
  const again = () => {
    setState({ ...shown.current, isLoading: true, failure: undefined });
    setAsked(asked + 1);
  };
  const showNext = () => setState({ ...shown.current, value: shown.current.next, next: undefined });
  return { ...shown.current, again, showNext } satisfies Resource<T>;
}
