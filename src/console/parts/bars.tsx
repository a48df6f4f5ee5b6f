import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { hasMoved, path } from "../address";

/** A part of a screen under a title. */
export function Panel({
  title,
  more,
  children,
}: {
  title: string;
  more?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <section class="panel">
      <div class="bar">
        <h2>{title}</h2>
        {more}
      </div>
      {children}
    </section>
  );
}

/** The title of a screen, and of the page. It takes the focus when somebody has come to the screen from another. */
export function Title({ children, more }: { children: ComponentChildren; more?: ComponentChildren }) {
  const ref = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${ref.current?.textContent} · Accord`;
  });
  useEffect(() => {
    if (hasMoved.value && !document.querySelector("dialog[open]")) ref.current?.focus({ preventScroll: true });
  }, [path.value]);
  return (
    <div class="bar title">
      <h1 tabIndex={-1} ref={ref}>
        {children}
      </h1>
      {more}
    </div>
  );
}
