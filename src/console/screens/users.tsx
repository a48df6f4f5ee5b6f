import type { ListUsersResult, ViewUserResult } from "#operator";
import { Act, type Action } from "../action";
import { notePlaceholder } from "../action-fields";
import { operator } from "../api";
import { Panel, Title } from "../parts/bars";
import { CopyScreen } from "../parts/copy";
import { FieldList, titleOf } from "../parts/field";
import { State } from "../parts/icon";
import { Id } from "../parts/id";
import { Empty, Shown } from "../parts/states";
import { Table } from "../parts/table";
import { Time } from "../parts/time";
import { useResource } from "../resource";
import { ListScreen } from "./list";

type User = ListUsersResult["data"][number];
type Viewed = ViewUserResult["data"];

export function UsersScreen() {
  return (
    <ListScreen<User>
      title="Users"
      path="/api/v1/admin/users"
      read={(query) => operator.listUsers({ query })}
      keyOf={({ id }) => id}
      empty="Clients and experts register themselves. Search finds one by the whole e-mail address."
      columns={[
        {
          title: "User",
          cell: ({ id, email }) => (
            <a class="open" href={`/console/users/${id}`}>
              <bdi>{email}</bdi>
            </a>
          ),
        },
        { title: "Phone", cell: ({ phone }) => phone ?? "–" },
        { title: "Role", cell: ({ role }) => role },
        { title: "State", cell: (user) => <Standing {...user} /> },
        { title: "Since", cell: ({ createdAt }) => <Time at={createdAt} /> },
        { title: "Id", cell: ({ id }) => <Id id={id} /> },
      ]}
    />
  );
}

function Standing({ suspendedAt }: { suspendedAt: string | null }) {
  return <State tone={suspendedAt ? "off" : "good"}>{suspendedAt ? "suspended" : "active"}</State>;
}

/** A user with everything that an operator may know and do. */
export function UserScreen({ id }: { id: string }) {
  const user = useResource(`user ${id}`, async () => (await operator.viewUser({ path: { id } })).data);
  const path = `/api/v1/admin/users/${id}`;
  return (
    <>
      <Title
        more={
          <>
            <CopyScreen path={path} id={id} json={user.value} />
            {user.value && actionsOf(user.value).map((action) => <Act key={action.operation} action={action} />)}
          </>
        }
      >
        User <bdi class="mono">{id}</bdi>
      </Title>
      <Shown of={user} lines={8}>
        {(value) => {
          const { sessions, ...facts } = value;
          return (
            <>
              <p>
                <Standing {...value} /> <Id id={id} />
              </p>
              <FieldList row={facts} />
              <Panel title="Sessions">
                {sessions.length === 0 ? (
                  <Empty title="Not signed in anywhere" />
                ) : (
                  <Table
                    caption="Sessions"
                    rows={sessions}
                    keyOf={(session, at) => String(session.id ?? at)}
                    columns={Object.keys(sessions[0] ?? {}).map((name) => ({
                      title: titleOf(name),
                      cell: (session) => <Cell value={(session as Record<string, unknown>)[name]} />,
                    }))}
                  />
                )}
              </Panel>
            </>
          );
        }}
      </Shown>
    </>
  );
}

function Cell({ value }: { value: unknown }) {
  if (typeof value === "string" && /^\d{4}-\d\d-\d\dT/.test(value)) return <Time at={value} />;
  return <bdi>{String(value ?? "–")}</bdi>;
}

function actionsOf({ id, suspendedAt, sessions }: Viewed): Action[] {
  const of = (operation: string, end: string, what: string): Action => {
    const seen = `${suspendedAt ?? "active"}:${sessions.length}`;
    return {
      operation,
      method: "POST",
      path: `/api/v1/admin/users/${id}/${end}`,
      object: id,
      seen,
      what,
      body: { note: notePlaceholder },
    };
  };
  return [
    suspendedAt
      ? of("restore-user", "restore", "The user may sign in again.")
      : of(
          "suspend-user",
          "suspend",
          "The user is signed out everywhere and cannot sign in. Money that is under way goes on.",
        ),
    ...(sessions.length > 0 ? [of("end-user-sessions", "end-sessions", "The user is signed out everywhere.")] : []),
  ];
}
