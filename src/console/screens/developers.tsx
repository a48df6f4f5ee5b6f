import type { ListApplicationsResult, ListDevelopersResult, ViewDeveloperResult } from "#operator";
import { Act, type Action } from "../action";
import { objectPath } from "../address";
import { operator } from "../api";
import { Panel, Title } from "../parts/bars";
import { CopyScreen } from "../parts/copy";
import { FieldList } from "../parts/field";
import { State } from "../parts/icon";
import { Id } from "../parts/id";
import { Name } from "../parts/name";
import { Empty, Shown } from "../parts/states";
import { Table } from "../parts/table";
import { Time } from "../parts/time";
import { aheadMs } from "../pulse";
import { useResource } from "../resource";
import { EverybodyScreen } from "./everybody";
import { ListScreen } from "./list";

type Developer = ListDevelopersResult["data"][number];
type Token = ViewDeveloperResult["data"]["tokens"][number];
type Application = ListApplicationsResult["data"][number];

export function DevelopersScreen() {
  return (
    <ListScreen<Developer>
      title="Developers"
      path="/api/v1/admin/developers"
      read={(query) => operator.listDevelopers({ query })}
      keyOf={({ id }) => id}
      empty="An operator makes the first developer: POST /api/v1/admin/developers."
      columns={[
        {
          title: "Developer",
          cell: ({ id, name }) => (
            <a class="open" href={`/console/developers/${id}`}>
              <bdi>{name}</bdi>
            </a>
          ),
        },
        { title: "E-mail", cell: ({ email }) => <bdi>{maskedEmail(email)}</bdi> },
        { title: "Since", cell: ({ createdAt }) => <Time at={createdAt} /> },
        { title: "Id", cell: ({ id }) => <Id id={id} /> },
      ]}
    />
  );
}

function maskedEmail(email: string): string {
  return email.replace(/^(.)[^@]*/u, "$1…");
}

export function DeveloperScreen({ id }: { id: string }) {
  const developer = useResource(`developer ${id}`, async () => (await operator.viewDeveloper({ path: { id } })).data);
  return (
    <>
      <Title more={<CopyScreen path={`/api/v1/admin/developers/${id}`} id={id} json={developer.value} />}>
        Developer <bdi class="mono">{id}</bdi>
      </Title>
      <Shown of={developer} lines={6}>
        {({ tokens, ...facts }) => (
          <>
            <FieldList row={facts} />
            <p>
              <a href={`/console/objects/${id}`}>Timeline</a>
            </p>
            <Panel title="Tokens">
              {tokens.length === 0 ? <Empty title="No token" /> : <Tokens id={id} tokens={tokens} />}
            </Panel>
            <EverybodyScreen list="accounts" inside of={{ developer: id }} />
          </>
        )}
      </Shown>
    </>
  );
}

function Tokens({ id, tokens }: { id: string; tokens: readonly Token[] }) {
  const isOver = ({ expiresAt }: Token) => expiresAt !== null && Date.parse(expiresAt) <= Date.now() + aheadMs.value;
  return (
    <Table
      caption="Tokens"
      rows={tokens}
      keyOf={({ prefix }) => prefix}
      columns={[
        { title: "Begins with", cell: ({ prefix }) => <code>{prefix}</code> },
        { title: "May", cell: ({ scopes }) => scopes.join(", ") },
        {
          title: "State",
          cell: (token) => <State tone={isOver(token) ? "off" : "good"}>{isOver(token) ? "ended" : "live"}</State>,
        },
        { title: "Made", cell: ({ createdAt }) => <Time at={createdAt} /> },
        { title: "Last used", cell: ({ lastUsedAt }) => <Time at={lastUsedAt} /> },
        { title: "Ends", cell: ({ expiresAt }) => <Time at={expiresAt} /> },
        {
          title: "Do",
          cell: (token) => !isOver(token) && <Act label="Revoke" action={revoke(id, token)} />,
        },
      ]}
    />
  );
}

function revoke(id: string, { prefix }: Token): Action {
  const path = `/api/v1/admin/developers/${id}/tokens/${prefix}`;
  const what = `Whoever uses the token that begins with ${prefix} is refused from now on.`;
  return { operation: "revoke-developer-token", method: "DELETE", path, object: id, seen: prefix, what };
}

export function ApplicationsScreen() {
  return (
    <ListScreen<Application>
      title="Applications"
      path="/api/v1/admin/applications"
      read={(query) => operator.listApplications({ query })}
      keyOf={({ id }) => id}
      empty="Applications register themselves, and are admitted here."
      columns={[
        {
          title: "Application",
          cell: ({ id, name }) => (
            <a class="open" href={objectPath(id)}>
              <bdi>{name}</bdi>
            </a>
          ),
        },
        { title: "Handle", cell: ({ appHandle }) => <Name text={appHandle} /> },
        {
          title: "State",
          cell: ({ active }) => <State tone={active ? "good" : "open"}>{active ? "active" : "not admitted"}</State>,
        },
        { title: "Role", cell: ({ admin }) => (admin ? "administrator" : "application") },
        {
          title: "Debit limit",
          align: "end",
          cell: ({ debitLimit }) => (debitLimit === null ? "none" : String(debitLimit)),
        },
        { title: "Since", cell: ({ createdAt }) => <Time at={createdAt} /> },
        { title: "Id", cell: ({ id }) => <Id id={id} /> },
        {
          title: "Do",
          cell: (application) => <Act label={application.active ? "Stop" : "Admit"} action={admit(application)} />,
        },
      ]}
    />
  );
}

function admit({ id, name, active, updatedAt }: Application): Action {
  const what = active
    ? `The tokens of ${name} are refused from now on. Transfers that are under way go on.`
    : `${name} may ask for tokens and send transfers.`;
  const path = `/api/v1/admin/applications/${id}`;
  return {
    operation: "admit-application",
    verb: active ? "Stop application" : "Admit application",
    method: "PATCH",
    path,
    object: id,
    seen: updatedAt,
    what,
    body: { active: !active },
  };
}
