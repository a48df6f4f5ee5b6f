import { type Html, html } from "./html";

/** Renders commands to paste into a shell, with a button that copies them if scripts run. */
export function codeBlock(commands: string): Html {
  return html`<div class="code"><button type="button" class="copy" hidden>Copy</button><pre><code>${commands}</code></pre></div>`;
}
