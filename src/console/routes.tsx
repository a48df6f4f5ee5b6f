import type { ComponentChildren } from "preact";
import { addedScreens } from "./added-screens";
import { path } from "./address";
import { Title } from "./parts/bars";
import { Empty } from "./parts/states";
import { AttentionScreen } from "./screens/attention";
import { DayScreen } from "./screens/day";
import { ApplicationsScreen, DeveloperScreen, DevelopersScreen } from "./screens/developers";
import { EverybodyScreen } from "./screens/everybody";
import { LedgerScreen } from "./screens/ledger";
import { ObjectScreen } from "./screens/object";
import { OverviewScreen } from "./screens/overview";
import { SearchScreen } from "./screens/search";
import { StripeScreen } from "./screens/stripe";
import { UserScreen, UsersScreen } from "./screens/users";
import { WebhooksScreen } from "./screens/webhooks";
import { session } from "./session";

/** The screens by their address; the rest of the address is an id. */
const routes: Record<string, (id: string) => ComponentChildren> = {
  "": () => <OverviewScreen />,
  attention: () => <AttentionScreen />,
  search: () => <SearchScreen />,
  objects: (id) => <ObjectScreen key={id} id={id} />,
  testimonies: () => <EverybodyScreen list="testimonies" />,
  payments: () => <EverybodyScreen list="payments" />,
  transfers: () => <EverybodyScreen list="transfers" />,
  settlement: (day) => (day === "" ? <EverybodyScreen list="days" /> : <DayScreen key={day} day={day} />),
  ledger: () => <LedgerScreen />,
  webhooks: () => <WebhooksScreen />,
  stripe: () => <StripeScreen />,
  users: (id) => (id === "" ? <UsersScreen /> : <UserScreen key={id} id={id} />),
  developers: (id) => (id === "" ? <DevelopersScreen /> : <DeveloperScreen key={id} id={id} />),
  applications: () => <ApplicationsScreen />,
};

/** The screen of the present address. Nothing is read while nobody is signed in. */
export function Screen() {
  const [, , name = "", ...rest] = path.value.split("/");
  const added = addedScreens.find((one) => one.name === name);
  const screen = added?.screen ?? (Object.hasOwn(routes, name) ? routes[name] : undefined);
  if (!screen) {
    return (
      <>
        <Title>Not found</Title>
        <Empty title="There is no screen at this address." />
        <a href="/console/search">Search</a>
      </>
    );
  }
  if (session.value === undefined) return null;
  return <>{screen(decoded(rest.join("/")))}</>;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
