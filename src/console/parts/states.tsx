import type { ComponentChildren } from "preact";
import type { Failure } from "../api";
import type { Resource } from "../resource";

const titles: Record<number, string> = {
  0: "No connection",
  401: "Nobody is signed in",
  403: "This is not allowed",
  404: "Not found",
  429: "Too many requests",
  503: "Not available at the moment",
};

/** The failure of a read, in the place of its value. */
export function Failed({
  failure,
  again,
  title = titles[failure.status] ?? "It failed",
}: {
  failure: Failure;
  again?: (() => void) | undefined;
  title?: string;
}) {
  const { status, code, detail, requestId, retryAfterSeconds } = failure;
  return (
    <div class="notice failed" role="alert">
      <p>
        <strong>✗ {title}.</strong> {detail}
      </p>
      <p class="quiet">
        {status > 0 && `${status} `}
        <code>{code}</code>
        {requestId && (
          <>
            , request <code>{requestId}</code>
          </>
        )}
        {retryAfterSeconds ? `. Ask again in ${retryAfterSeconds} s.` : ""}
      </p>
      {again && (
        <button type="button" onClick={again}>
          Ask again
        </button>
      )}
      {status === 404 && <a href="/console/search">Search for another id</a>}
    </div>
  );
}

/** Says why there is nothing, and what makes the first one. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="notice">
      <p>
        <strong>{title}</strong>
      </p>
      {children && <p class="quiet">{children}</p>}
    </div>
  );
}

/** Keeps the place of what is being read. It becomes visible after 300 ms only. */
export function Loading({ lines = 3 }: { lines?: number }) {
  return (
    <div class="loading" role="status">
      <span class="hidden-text">Loading</span>
      {Array.from({ length: lines }, (_, at) => (
        <i key={at} />
      ))}
    </div>
  );
}

/** Shows a resource, or what there is instead. A value that was read before stays when a later reading fails. */
export function Shown<T>({
  of,
  lines,
  children,
}: {
  of: Resource<T>;
  lines?: number;
  children: (value: T) => ComponentChildren;
}) {
  const { value, failure, next, again, showNext } = of;
  return (
    <>
      {failure && <Failed failure={failure} again={again} />}
      {value === undefined ? !failure && <Loading {...(lines !== undefined && { lines })} /> : children(value)}
      {next !== undefined && (
        <p class="news" role="status">
          <button type="button" onClick={showNext}>
            Something is new: show it
          </button>
        </p>
      )}
    </>
  );
}
