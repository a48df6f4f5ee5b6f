import { Balances } from "./balances";
import { Clock } from "./clock";
import { Deliveries } from "./deliveries";
import { DueList } from "./due";
import { newId } from "./id";
import type { Kind, Kinds, StoredEvent } from "./kinds";
import { Objects, PLATFORM } from "./objects";
import { Outage } from "./outage";
import { Settings } from "./settings";
import { API_VERSION } from "./version";
import { view } from "./view";

/** The request that causes a change; null for changes that happen by themselves. */
export interface Cause {
  requestId: string;
  idempotencyKey: string | null;
}

/**
 * The state that all resources work on. All of it is synchronous, so one request is one turn and nothing interleaves.
 */
export class World {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly outage: Outage;
  readonly objects: Objects;
  readonly balances: Balances;
  readonly due: DueList;
  readonly deliveries: Deliveries;
  cause: Cause | null = null;

  constructor(sql: SqlStorage) {
    this.settings = new Settings(sql);
    this.clock = new Clock(this.settings);
    this.outage = new Outage(this.settings, this.clock);
    this.objects = new Objects(sql);
    this.balances = new Balances(sql);
    this.due = new DueList(sql);
    this.deliveries = new Deliveries(sql, this.settings);
  }

  now(): number {
    return this.clock.nowSeconds();
  }

  /** Returns the origin of the sandbox's pages: `http://localhost:8787`. */
  origin(): string {
    return this.settings.get("origin") ?? "http://localhost:8787";
  }

  /** Returns the time that Stripe's answers to the application take. */
  latencyMs(): number {
    return Number(this.settings.get("latency_ms") ?? 0);
  }

  insert<K extends Kind>(
    kind: K,
    account: string,
    object: Kinds[K] & { id: string; created?: number },
    hidden: object = {},
  ): void {
    this.objects.insert(kind, account, object.id, object.created ?? this.now(), object, hidden);
  }

  /** Writes the changed members and returns the whole object with their former values. */
  change<K extends Kind>(
    kind: K,
    account: string,
    id: string,
    members: Partial<Kinds[K]>,
  ): { object: Kinds[K]; previous: Partial<Kinds[K]> } {
    const old = this.objects.get(kind, account, id);
    const object = { ...old, ...members };
    this.objects.replace(id, object);
    const changed = (Object.keys(members) as (keyof Kinds[K])[]).filter(
      (name) => JSON.stringify(old[name]) !== JSON.stringify(object[name]),
    );
    return { object, previous: Object.fromEntries(changed.map((name) => [name, old[name]])) as Partial<Kinds[K]> };
  }

  /**
   * Records an event about `object` in its present state, and queues it for delivery. Events of a connected account
   * name it.
   */
  emit(
    type: string,
    object: object,
    { account = PLATFORM, previous }: { account?: string; previous?: object } = {},
  ): void {
    const event: StoredEvent = {
      id: newId("evt_"),
      object: "event",
      ...(account !== PLATFORM && { account }),
      api_version: API_VERSION,
      created: this.now(),
      data: { object: view(this.objects, account, object), ...(previous && { previous_attributes: previous }) },
      livemode: false,
      pending_webhooks: 1,
      request: { id: this.cause?.requestId ?? null, idempotency_key: this.cause?.idempotencyKey ?? null },
      type,
    };
    this.insert("event", account, event);
    this.deliveries.add(event.id, this.cause?.requestId ?? event.id, this.now());
  }
}
