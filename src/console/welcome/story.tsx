import { useEffect, useRef } from "preact/hooks";
import { go } from "../address";
import { journeys } from "../journeys/journeys";
import { isNarrow } from "../width";
import { Stage } from "./stage";
import { StoryTimeline } from "./story-timeline";
import { beginAgain, chosen, show, stop, type Telling, takeNext, tellAll, tellings, tellRest } from "./telling";

/** The chosen journey: its steps, the one that is looked at, and the timeline of what it is about. */
export function Story() {
  const telling = tellings[chosen.value].value;
  return (
    <section class="story" aria-labelledby="story">
      <h2 id="story" class="hidden-text">
        Journeys
      </h2>
      <Choice />
      <Controls telling={telling} />
      <div class="told">
        <Steps telling={telling} />
        <div class="now">
          <Stage telling={telling} />
          {telling.about && <StoryTimeline key={chosen.value} id={telling.about} object={telling.journey.object} />}
        </div>
      </div>
    </section>
  );
}

function Choice() {
  return (
    <fieldset class="choice">
      <legend class="hidden-text">Journey</legend>
      {journeys.map(({ name, title, summary }) => {
        const { done, steps } = tellings[name].value;
        return (
          <label key={name} class={name === chosen.value ? "chosen" : ""}>
            <input
              type="radio"
              name="journey"
              checked={name === chosen.value}
              onChange={() => {
                chosen.value = name;
              }}
            />
            <span>
              <strong>{title}</strong>{" "}
              <span class="count">
                {done === steps.length ? `✓ all ${done} steps` : done > 0 ? `${done} of ${steps.length}` : ""}
              </span>
              <small>{summary}</small>
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}

function Controls({ telling: { journey, steps, done, isRunning } }: { telling: Telling }) {
  const { name } = journey;
  const next = steps[done];
  const hasFailed = next?.state === "failed";
  const untold = journeys.find((one) => tellings[one.name].value.done < tellings[one.name].value.steps.length);
  const isAnyRunning = journeys.some((one) => tellings[one.name].value.isRunning);
  return (
    <div class="row controls-of-story">
      {next ? (
        <button type="button" class="main" disabled={isRunning} onClick={() => void takeNext(name)}>
          {hasFailed ? "Try this step again" : done === 0 ? "Take the first step" : "Next step"}
        </button>
      ) : (
        <button
          type="button"
          class="main"
          onClick={() => {
            if (untold) chosen.value = untold.name;
            else go("/console");
          }}
        >
          {untold ? "Next journey" : "Look around"}
        </button>
      )}
      {isRunning ? (
        <button type="button" onClick={() => stop(name)}>
          Stop
        </button>
      ) : (
        <button type="button" disabled={!next} onClick={() => void tellRest(name)}>
          To the end
        </button>
      )}
      <button type="button" disabled={done === 0 && !hasFailed} onClick={() => void beginAgain(name)}>
        Begin again
      </button>
      <button type="button" disabled={isAnyRunning} onClick={() => void tellAll()}>
        Tell all three
      </button>
      <span class="quiet next-step" role="status">
        {next
          ? `${isRunning ? "Now" : "Next"}: ${done + 1} of ${steps.length}, ${next.title}`
          : `✓ Told to its end.${untold ? "" : " So are the others."}`}
      </span>
    </div>
  );
}

function Steps({ telling: { journey, steps, shown } }: { telling: Telling }) {
  const list = journey.chapters.map(({ title }, chapter) => (
    <li key={title}>
      <h3>{title}</h3>
      <ol>
        {steps.map(
          (step, at) =>
            step.chapter === chapter && (
              <li key={step.title} value={at + 1}>
                <button
                  type="button"
                  class={`step ${step.state}`}
                  aria-current={at === shown ? "step" : undefined}
                  onClick={() => show(journey.name, at)}
                >
                  <span class="sign" aria-hidden="true">
                    {signs[step.state]}
                  </span>
                  <span>
                    {step.title}
                    <span class="hidden-text">, {words[step.state]}</span>
                  </span>
                </button>
              </li>
            ),
        )}
      </ol>
    </li>
  ));
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const here = ref.current?.querySelector<HTMLElement>("[aria-current]");
    if (here && ref.current) ref.current.scrollTop = here.offsetTop - ref.current.clientHeight / 2;
  }, [shown, journey]);
  return (
    <div class="steps-of-story" ref={ref}>
      {isNarrow.value ? (
        <details key={journey.name}>
          <summary>All {steps.length} steps</summary>
          <ol class="chapters">{list}</ol>
        </details>
      ) : (
        <ol class="chapters">{list}</ol>
      )}
    </div>
  );
}

const signs = { waiting: "○", running: "▶", done: "✓", failed: "✗" } as const;
const words = { waiting: "not yet taken", running: "running", done: "done", failed: "failed" } as const;
