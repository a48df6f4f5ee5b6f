import { useState } from "preact/hooks";
import { Icon } from "./icon";

export interface Copied {
  title: string;
  text: string;
}

/** A menu of forms in which something can be copied. */
export function Copy({ forms, label = "Copy" }: { forms: readonly Copied[]; label?: string }) {
  const [said, setSaid] = useState("");
  const copy = async ({ title, text }: Copied, menu: HTMLDetailsElement | null) => {
    const isDone = await navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
    setSaid(isDone ? `${title} copied` : "The browser did not allow it");
    menu?.removeAttribute("open");
    menu?.querySelector("summary")?.focus();
    setTimeout(() => setSaid(""), 2_000);
  };
  return (
    <details
      class="menu"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !event.currentTarget.open) return;
        event.stopPropagation();
        event.currentTarget.removeAttribute("open");
        event.currentTarget.querySelector("summary")?.focus();
      }}
      onFocusOut={({ currentTarget, relatedTarget }) => {
        if (relatedTarget instanceof Node && !currentTarget.contains(relatedTarget))
          currentTarget.removeAttribute("open");
      }}
    >
      <summary>
        <Icon name="copy" /> {said || label}
      </summary>
      <div class="menu-list">
        {forms.map((form) => (
          <button
            key={form.title}
            type="button"
            data-copies={form.title}
            onClick={({ currentTarget }) => void copy(form, currentTarget.closest("details"))}
          >
            {form.title}
          </button>
        ))}
      </div>
      <span class="hidden-text" role="status">
        {said}
      </span>
    </details>
  );
}

/** The menu of a screen: the request that answers it, its address, and what it is about. */
export function CopyScreen({ path, id, json }: { path: string; id?: string; json?: unknown }) {
  const forms: Copied[] = [
    { title: "Link", text: location.href },
    { title: "curl", text: curlOf({ method: "GET", path }) },
  ];
  if (id !== undefined) forms.unshift({ title: "Id", text: id });
  if (json !== undefined) forms.push({ title: "JSON", text: JSON.stringify(json, null, 2) });
  return <Copy forms={forms} />;
}

/** A request as it is typed into a shell. The token is never in it. */
export function curlOf(
  { method, path, body, headers }: { method: string; path: string; body?: unknown; headers?: object | null },
  token = "ACCORD_ADMIN_TOKEN",
): string {
  const lines = [
    `curl -X ${method} ${quoted(new URL(path, location.href).href)}`,
    `-H "Authorization: Bearer $${token}"`,
  ];
  for (const [name, value] of Object.entries(headers ?? {})) lines.push(`-H ${quoted(`${name}: ${value}`)}`);
  if (body !== undefined && body !== null) {
    lines.push("-H 'Content-Type: application/json'", `-d ${quoted(JSON.stringify(body))}`);
  }
  return lines.join(" \\\n  ");
}

/** Quotes for a shell, in which nothing between single quotes is special but the quote itself. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
