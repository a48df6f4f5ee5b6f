import { about } from "./action";
import { path } from "./address";
import { ActionDialog } from "./confirm";
import { allScreens, showsKeys } from "./keyboard";
import { Dialog } from "./parts/dialog";
import { Icon } from "./parts/icon";
import { printSpan } from "./parts/time";
import { aheadMs, attention, isSandbox, newRelease, pulseFailure } from "./pulse";
import { Screen } from "./routes";
import { SearchDialog, searches } from "./screens/search";
import { SignIn } from "./screens/sign-in";
import { asksForToken, isUnlocked, lock, session, signOut, tick, writesUntil } from "./session";
import { type Clock, clock, clocks, letterKeys } from "./settings";
import { isNarrow } from "./width";

/** Everything around a screen. */
export function Shell() {
  return (
    <>
      <a class="skip" href="#main">
        Skip to the screen
      </a>
      <Header />
      <div class="frame">
        <Navigation />
        <Main />
      </div>
      <SearchDialog />
      <ActionDialog />
      <Keys />
      <SignIn />
    </>
  );
}

function Header() {
  return (
    <header class={isUnlocked.value ? "unlocked" : ""}>
      <a class="name" href="/console">
        Accord <span>console</span>
      </a>
      <button
        type="button"
        class="find-button"
        onClick={() => {
          searches.value = true;
        }}
      >
        <Icon name="search" /> Find anything <kbd>/</kbd>
      </button>
      <div class="controls">
        {isSandbox.value && (
          <span class="badge">
            sandbox
            {Math.abs(aheadMs.value) > 10_000 && ` · clock ${aheadMs.value > 0 ? "+" : "−"}${printSpan(aheadMs.value)}`}
          </span>
        )}
        <label class="clock">
          <span class="hidden-text">Clock</span>
          <select
            value={clock.value}
            onChange={({ currentTarget }) => {
              clock.value = currentTarget.value as Clock;
            }}
          >
            {Object.entries(clocks).map(([name, title]) => (
              <option key={name} value={name}>
                {title}
              </option>
            ))}
          </select>
        </label>
        {session.value !== null && <Lock />}
        {session.value !== null && (
          <button type="button" onClick={() => void signOut()}>
            Sign out
          </button>
        )}
      </div>
    </header>
  );
}

function Lock() {
  const until = writesUntil.value;
  if (until !== undefined) {
    const left = Math.max(0, Math.round((until - tick.value) / 1_000));
    return (
      <button type="button" class="lock" onClick={() => void lock()}>
        <Icon name="unlocked" /> {`Changes ${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`} · lock
      </button>
    );
  }
  return (
    <button
      type="button"
      class="lock"
      onClick={() => {
        about.value = undefined;
        asksForToken.value = "write";
      }}
    >
      <Icon name="locked" /> Read-only · unlock
    </button>
  );
}

function Navigation() {
  const links = (
    <ul>
      {allScreens().map(([letter, title, to]) => {
        const isHere = to === "/console" ? path.value === to : path.value.startsWith(to);
        const waiting = title === "Attention" ? attention.value?.entries.length : 0;
        return (
          <li key={letter}>
            <a href={to} aria-current={isHere ? "page" : undefined}>
              {title}
              {waiting ? <span class="count">{waiting}</span> : null}
            </a>
          </li>
        );
      })}
    </ul>
  );
  return (
    <nav class="side" aria-label="Screens">
      {isNarrow.value ? (
        <details key={path.value}>
          <summary>
            <Icon name="menu" /> Screens
          </summary>
          {links}
        </details>
      ) : (
        links
      )}
    </nav>
  );
}

function Main() {
  return (
    <main id="main" tabIndex={-1}>
      {newRelease.value && (
        <p class="notice" role="status">
          A new release is served.{" "}
          <button type="button" class="main" onClick={() => location.reload()}>
            Reload
          </button>
        </p>
      )}
      {pulseFailure.value && pulseFailure.value.status !== 401 && (
        <p class="notice failed" role="status">
          ✗{" "}
          {pulseFailure.value.status === 0
            ? "The connection is lost."
            : `The server answers ${pulseFailure.value.status}.`}{" "}
          What is shown may be old. It is asked again by itself.
        </p>
      )}
      <Screen />
    </main>
  );
}

const keys = [
  ["/ or Ctrl K", "Find anything"],
  ["j, k", "The next row, the one before"],
  ["Enter", "Open it"],
  ["c", "Copy as curl"],
  ["?", "This list"],
  ["Escape", "Close"],
];

function Keys() {
  if (!showsKeys.value) return null;
  const close = () => {
    showsKeys.value = false;
  };
  return (
    <Dialog title="Keys" close={close}>
      <dl class="keys">
        {[...keys, ...allScreens().map(([letter, title]) => [`g ${letter}`, title])].map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <label class="check">
        <input
          type="checkbox"
          checked={letterKeys.value}
          onChange={({ currentTarget }) => {
            letterKeys.value = currentTarget.checked;
          }}
        />{" "}
        Single letters do something
      </label>
      <div class="buttons">
        <button type="button" class="main" data-first onClick={close}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
