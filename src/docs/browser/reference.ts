/** Draws the reference of one part of the API with Swagger UI, and offers tokens where the sandbox serves it. */
import { type Credentials, isSandbox, parties } from "./sandbox-parties.ts";

interface System {
  React: { createElement(tag: string, properties: null, ...children: unknown[]): unknown };
}

interface SwaggerUi {
  preauthorizeApiKey(scheme: string, key: string): void;
  authActions: { logout(schemes: string[]): void };
}

declare const SwaggerUIBundle: ((settings: object) => SwaggerUi) & { presets: { apis: unknown } };

const reference = document.querySelector<HTMLElement>("#reference");
const sandbox = document.querySelector<HTMLElement>("#sandbox");

followColourScheme();
if (reference && sandbox) void draw(reference, sandbox);

/** Swagger UI has a dark form of its own, and leaves it to the page when to use it. */
function followColourScheme(): void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
  dark.addEventListener("change", follow);
  follow();
}

async function draw(element: HTMLElement, offer: HTMLElement): Promise<void> {
  const tried = await isSandbox();
  const ui = SwaggerUIBundle({
    url: element.dataset.description,
    domNode: element,
    presets: [SwaggerUIBundle.presets.apis],
    plugins: [{ wrapComponents: { DeepLink: asText } }],
    layout: "BaseLayout",
    deepLinking: true,
    docExpansion: "list",
    filter: true,
    defaultModelsExpandDepth: -1,
    displayRequestDuration: true,
    // A deployment's reference is for reading: its tokens do not belong into a page.
    supportedSubmitMethods: tried ? ["get", "put", "post", "delete", "patch"] : [],
    tryItOutEnabled: false,
    validatorUrl: null,
    persistAuthorization: false,
  });
  if (tried) offerTokens(ui, offer);
}

/**
 * Prints the path of an operation as text. Swagger UI makes it a link inside the button that opens the operation, which
 * a screen reader cannot tell apart; the button sets the same address.
 */
function asText(_original: unknown, { React }: System) {
  return ({ text }: { text: unknown }) => React.createElement("span", null, text);
}

/** Shows one button: it makes the parties of the contract in the sandbox, and then a button for each of them. */
function offerTokens(ui: SwaggerUi, offer: HTMLElement): void {
  const makeParties = parties[offer.dataset.contract ?? ""];
  if (!makeParties) return;
  const button = buttonOf("Get tokens of this sandbox");
  const status = document.createElement("p");
  status.setAttribute("role", "status");
  status.textContent = "Nothing here is real: tokens are made for this page, and “Try it out” calls the sandbox.";
  offer.append(button, status);
  offer.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    status.textContent = "Making them…";
    try {
      showParties(ui, offer, status, await makeParties());
      button.remove();
    } catch (error) {
      status.textContent = `That failed: ${error instanceof Error ? error.message : error}. Is the sandbox still running?`;
      button.disabled = false;
    }
  });
}

function showParties(ui: SwaggerUi, offer: HTMLElement, status: HTMLElement, made: Credentials[]): void {
  const buttons = made.map((party) => {
    const button = buttonOf(`Act as ${party.name}`);
    button.addEventListener("click", () => actAs(party, button));
    return button;
  });
  const actAs = ({ name, schemes, known }: Credentials, pressed: HTMLButtonElement) => {
    for (const [scheme, key] of Object.entries(schemes)) ui.preauthorizeApiKey(scheme, key);
    for (const one of buttons) one.setAttribute("aria-pressed", String(one === pressed));
    const values = Object.entries(known).map(([label, value]) => `${label} ${value}`);
    status.textContent = `Requests go out as ${name}. ${values.join(" · ")}`;
  };
  offer.prepend(...buttons);
  const [first] = made;
  const [pressed] = buttons;
  if (first && pressed) {
    actAs(first, pressed);
    pressed.focus();
  }
}

function buttonOf(text: string): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  return button;
}
