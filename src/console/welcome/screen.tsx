import { useEffect } from "preact/hooks";
import { Title } from "../parts/bars";
import { Arrivals } from "./arrivals";
import { Books } from "./books";
import { Clock } from "./clock";
import { controlFailure, keepLooking } from "./control";
import { Reset } from "./reset";
import { Story } from "./story";
import { EventsTile, StripeTile } from "./trouble";

/** Where a newcomer begins: three journeys step by step, and what makes them hard. */
export function WelcomeScreen() {
  useEffect(keepLooking, []);
  return (
    <div class="welcome">
      <Title more={<Reset />}>Welcome to Accord</Title>
      <p class="lead">
        This is the real service; only Stripe is an emulator, on this machine. Tell a journey step by step and watch the
        money move. Break Stripe meanwhile: every payment still has one outcome, and the books hold.
      </p>
      <Story />
      <h2 class="inside">Make it harder</h2>
      <div class="tiles">
        <Books />
        <Clock />
        <StripeTile />
        <EventsTile />
      </div>
      <p role="alert" class={controlFailure.value ? "notice failed" : "hidden-text"}>
        {controlFailure.value}
      </p>
      <Arrivals />
      <p class="quiet more-links">
        Beyond this page: <a href="/console">the console</a>, <a href="/docs/">the API, to try out</a>,{" "}
        <a href="/guides/">the guides</a>, <a href="/sandbox">all controls as commands</a>,{" "}
        <a href="/sandbox/mails">mails</a>.
      </p>
    </div>
  );
}
