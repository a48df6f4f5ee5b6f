import { useState } from "preact/hooks";
import { State } from "../parts/icon";
import { change, type Fault, sandbox } from "./control";

const calls = {
  "POST /v1/transfers": "the payout to the expert",
  "POST /v1/checkout/sessions": "the payment page",
  "POST /v1/refunds": "a refund",
  "POST /v1/payment_intents": "a payment",
  "POST /v1/payment_intents/*/confirm": "a confirmation",
  "POST /v1/payment_intents/*/capture": "a capture",
} as const;

const kinds = {
  timeout_after: "loses the answer",
  timeout_before: "times out, does nothing",
  "500": "answers 500",
  "429": "answers 429",
} as const;

/** Lets Stripe fail: one call, once, or everything for hours. */
export function StripeTile() {
  const [match, setMatch] = useState<string>("POST /v1/transfers");
  const [kind, setKind] = useState<string>("timeout_after");
  const { faults = [], outage = null } = sandbox.value ?? {};
  const planned = faults.filter(({ times }) => times > 0);
  const isBroken = planned.length > 0 || outage !== null;
  return (
    <section class="tile">
      <h3>Stripe</h3>
      <div role="status" data-faults={planned.length}>
        <p>
          <State tone={isBroken ? "warn" : "good"}>
            {outage ? "Is down" : planned.length > 0 ? "Will fail" : "Works"}
          </State>
        </p>
        {planned.length > 0 && (
          <ul class="plain">
            {planned.map((fault) => (
              <li key={fault.seq}>{saidOf(fault)}</li>
            ))}
          </ul>
        )}
        {faults.some(({ fired }) => fired > 0) && (
          <p class="quiet">{`Has failed as planned: ${faults.reduce((sum, { fired }) => sum + fired, 0)}.`}</p>
        )}
      </div>
      <Choice title="For" value={match} options={calls} set={setMatch} />
      <Choice title="Stripe" value={kind} options={kinds} set={setKind} />
      <p class="row">
        <button type="button" onClick={() => void change("POST", "faults", { match, kind, times: 1 })}>
          Break it once
        </button>
        <button
          type="button"
          disabled={outage !== null}
          onClick={() => void change("POST", "outage", { seconds: 7_200 })}
        >
          Down for 2 hours
        </button>
        <button type="button" disabled={!isBroken} onClick={() => void change("DELETE", "faults")}>
          Mend all
        </button>
      </p>
    </section>
  );
}

function saidOf({ match, kind, times }: Fault): string {
  const call = (calls as Record<string, string>)[match] ?? match;
  const how = (kinds as Record<string, string>)[kind] ?? kind;
  return `For ${call} it ${how}${times > 1 ? `, ${times} times` : ", once"}`;
}

const modes = {
  deliver: "arrive",
  hold: "are held back",
  duplicate: "arrive twice",
  shuffle: "arrive out of order",
  drop: "are lost",
} as const;

/** Decides what becomes of Stripe's events from now on. */
export function EventsTile() {
  const { mode = "deliver", counts = {} } = sandbox.value?.events ?? {};
  const held = counts.held ?? 0;
  return (
    <section class="tile">
      <h3>Stripe’s events</h3>
      <p role="status" data-mode={mode}>
        <State tone={mode === "deliver" ? "good" : "warn"}>{`They ${modes[mode as keyof typeof modes] ?? mode}`}</State>
      </p>
      <Choice
        title="From now on they"
        value={mode}
        options={modes}
        set={(chosen) => void change("POST", "events", { mode: chosen })}
      />
      <p class="quiet">
        {`${counts.delivered ?? 0} have arrived, ${counts.dropped ?? 0} were lost, ${held} are held. What is lost is found out by asking Stripe.`}
      </p>
      <p class="row">
        <button type="button" disabled={held === 0} onClick={() => void change("POST", "events/flush", {})}>
          Deliver what is held
        </button>
      </p>
    </section>
  );
}

interface Options {
  title: string;
  value: string;
  options: Readonly<Record<string, string>>;
  set: (value: string) => void;
}

function Choice({ title, value, options, set }: Options) {
  return (
    <label>
      {title}
      <select value={value} onChange={({ currentTarget }) => set(currentTarget.value)}>
        {Object.entries(options).map(([name, words]) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
