import { execFileSync, type SpawnSyncOptions, spawnSync } from "node:child_process";
import { chownSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startServer } from "../../e2e/server.ts";

const here = import.meta.dirname;
const modules = resolve(here, "../../../dist/peer");

/** A plain service with PostgreSQL of its own, both on this machine. */
export interface Peer {
  url: string;
  group: () => number;
  remove: () => Promise<void>;
}

/** Starts PostgreSQL with an empty database, as it is configured by default, and the service. Throws if none is installed. */
export async function startPeer(): Promise<Peer> {
  install();
  const bin = binaries();
  const folder = mkdtempSync(join(tmpdir(), "accord-peer-"));
  const owner = ownerOf(folder);
  const data = join(folder, "data");
  const port = String(20_000 + Math.floor(Math.random() * 20_000));
  const run = (program: string, ...args: string[]) => {
    const { status, stderr } = spawnSync(join(bin, program), args, { ...owner, stdio: ["ignore", "ignore", "pipe"] });
    if (status !== 0) throw new Error(`${program}: ${stderr}`);
  };
  run("initdb", "--pgdata", data, "--username=peer", "--auth=trust", "--encoding=UTF8");
  const log = join(folder, "log");
  const settings = `-p ${port} -k ${folder} -c listen_addresses=''`;
  run("pg_ctl", "start", "--wait", "--pgdata", data, "--log", log, "--options", settings);
  const stop = () => run("pg_ctl", "stop", "--wait", "--mode=fast", "--pgdata", data);
  process.once("exit", () => existsSync(join(data, "postmaster.pid")) && stop());
  Object.assign(process.env, { PEER_MODULES: modules, PGHOST: folder, PGPORT: port });
  const server = await startServer({ command: [process.execPath, "test/bench/peer/server.mjs"] });
  return {
    url: server.url,
    group: server.group,
    async remove() {
      await server.remove();
      stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Installs the service's packages outside of the tests, whose runner would look through them. */
function install(): void {
  mkdirSync(modules, { recursive: true });
  for (const name of ["package.json", "package-lock.json"]) copyFileSync(join(here, name), join(modules, name));
  if (existsSync(join(modules, "node_modules"))) return;
  execFileSync("npm", ["ci", "--ignore-scripts", "--loglevel=error"], { cwd: modules, stdio: "inherit" });
}

/** Finds the newest PostgreSQL where Debian puts it, or on the path. */
function binaries(): string {
  const versions = "/usr/lib/postgresql";
  const newest = existsSync(versions) ? readdirSync(versions).sort((a, b) => Number(b) - Number(a))[0] : undefined;
  const folders = [...(newest ? [join(versions, newest, "bin")] : []), ...(process.env.PATH ?? "").split(":")];
  const found = folders.find((folder) => existsSync(join(folder, "initdb")));
  if (!found) throw new Error("`--peer` needs PostgreSQL: apt-get install postgresql");
  return found;
}

/** PostgreSQL refuses to run as root. The user that Debian makes for it takes the folder then. */
function ownerOf(folder: string): Pick<SpawnSyncOptions, "uid" | "gid"> {
  if (process.getuid?.() !== 0) return {};
  const idOf = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  const owner = { uid: idOf("-u"), gid: idOf("-g") };
  chownSync(folder, owner.uid, owner.gid);
  return owner;
}
