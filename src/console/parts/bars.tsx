import type { ComponentChildren } from "preact";

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

/** The title of a screen. It takes the focus when the screen is opened. */
export function Title({ children, more }: { children: ComponentChildren; more?: ComponentChildren }) {
  return (
    <div class="bar title">
      <h1 tabIndex={-1}>{children}</h1>
      {more}
    </div>
  );
}
