import {
  type Dependency,
  isSpared,
  type InngestState,
  inngestStateSchema,
  type Principal,
  providerSentence,
  queueStatusSchema,
  type RuntimeDependencies,
} from '@caio/contracts';
import type { InternalClient } from '@caio/service-kit';
import type { DoorSettings } from './door-settings.ts';
import type { PartHealth, SystemHealth } from './system-health.ts';

const silent = 'does not answer';

const statusOf = (dependency: Omit<Dependency, 'status'>): Dependency['status'] => {
  if (dependency.ready) return 'healthy';
  if (dependency.required) return 'unhealthy';
  return dependency.configured ? 'degraded' : 'not_configured';
};

const judged = (dependency: Omit<Dependency, 'status'>): Dependency => ({
  ...dependency,
  status: statusOf(dependency),
});

const workSchema = queueStatusSchema.pick({ jobs: true, providers: true });
type Jobs = RuntimeDependencies['dependencies']['queues']['jobs'];
type Standings = RuntimeDependencies['dependencies']['providers']['standings'];

const sayProviders = (standings: Standings): string => {
  if (standings === null) return 'nobody could say';
  return standings.length === 0
    ? 'none is handed anything in this delivery mode'
    : standings.map((standing) => providerSentence(standing, (instant) => instant)).join('; ');
};

const sayJobs = (jobs: Jobs): string => {
  if (jobs === null) return 'served';
  const failed = Object.entries(jobs).flatMap(([queue, states]) => {
    const count = states['failed'] ?? 0;
    return count === 0 ? [] : [`${queue} has ${count} failed`];
  });
  return failed.length === 0 ? 'served, nothing failed' : `served; ${failed.join(', ')}`;
};

/** What the system needs, asked now: the store from here, everything else from the service that uses it. */
export const createRuntimeDependencies = (deps: {
  systemHealth: SystemHealth;
  ping: () => Promise<unknown>;
  gatekeeper: InternalClient;
  scheduler: InternalClient;
  settings: DoorSettings;
  isTokenConfigured: boolean;
  now: () => number;
  monotonicNow: () => number;
}) => {
  const { settings } = deps;

  const askRedis = async (): Promise<number | null> => {
    const startedMs = deps.monotonicNow();
    return deps.ping().then(
      () => Math.round((deps.monotonicNow() - startedMs) * 100) / 100,
      () => null,
    );
  };

  const askWork = async (
    user: Principal,
    correlationId: string,
  ): Promise<{ jobs: Jobs; providers: Standings }> => {
    const nothing = { jobs: null, providers: null };
    if (!user.permissions.includes('read')) return nothing;
    const call = { method: 'GET', path: '/api/queue-status', correlationId, user } as const;
    const answer = await deps.gatekeeper.request({ ...call, schema: workSchema });
    return answer.ok ? answer.data : nothing;
  };

  /** The same answer that anybody gets at /inngest; null where it is not set up or the scheduler is away. */
  const askInngest = async (correlationId: string): Promise<InngestState | null> => {
    const call = { method: 'GET', path: '/inngest', correlationId } as const;
    const answer = await deps.scheduler.request({ ...call, schema: inngestStateSchema });
    return answer.ok ? answer.data : null;
  };

  return async (user: Principal, correlationId: string): Promise<RuntimeDependencies> => {
    const [parts, latencyMs, { jobs, providers: standings }, inngestState] = await Promise.all([
      deps.systemHealth(),
      askRedis(),
      askWork(user, correlationId),
      askInngest(correlationId),
    ]);
    const partOf = (name: string): PartHealth | undefined => parts.find(({ part }) => part === name);
    const checkOf = (part: string, name: string) => partOf(part)?.checks.find((check) => check.name === name);

    // Which Redis may be relied on is the gatekeeper's to say: it is the one that decides by it.
    const kept = checkOf('gatekeeper', 'redis');
    const redis = judged({
      name: 'redis',
      required: true,
      configured: true,
      ready: latencyMs !== null && kept?.ready !== false,
      message: latencyMs === null ? silent : (kept?.message ?? 'answers'),
    });
    const clock = checkOf('scheduler', 'inngest');
    const inngest = judged({
      name: 'inngest',
      // What cannot be asked counts as needed.
      required: clock?.required ?? true,
      configured: clock?.ready ?? false,
      ready: clock?.ready ?? false,
      message: clock?.message ?? `the scheduler ${silent}`,
    });
    const inbound = partOf('webhooks');
    const webhooks = judged({
      name: 'webhooks',
      required: true,
      configured: true,
      ready: inbound?.ready ?? false,
      message: inbound?.message ?? silent,
    });
    const workers = ['gatekeeper', 'scheduler'].filter((name) => partOf(name)?.ready !== true);
    const queues = judged({
      name: 'queues',
      required: true,
      configured: true,
      ready: latencyMs !== null && workers.length === 0,
      message: workers.length === 0 ? sayJobs(jobs) : `not served by the ${workers.join(' and the ')}`,
    });

    const providers = judged({
      name: 'providers',
      // What they do not take waits for them, and nothing else does.
      required: false,
      configured: standings === null || standings.length > 0,
      ready: standings?.every((standing) => !isSpared(standing)) ?? false,
      message: sayProviders(standings),
    });

    const failures = [redis, inngest, webhooks, queues].filter(({ required, ready }) => required && !ready);
    return {
      status: failures.length === 0 ? 'ready' : 'not_ready',
      ready: failures.length === 0,
      checked_at: new Date(deps.now()).toISOString(),
      dependencies: {
        redis: { ...redis, connected: latencyMs !== null, latency_ms: latencyMs },
        inngest: {
          ...inngest,
          mode: inngestState?.mode ?? null,
          function_count: inngestState?.function_count ?? null,
        },
        webhooks,
        queues: { ...queues, jobs },
        providers: { ...providers, standings },
      },
      required_failures: failures.map(({ name, message }) => `${name}: ${message}`),
      auth: {
        strict_mode: settings.authentication === 'strict',
        query_token_enabled: settings.queryTokens === 'taken',
        token_header: 'X-Dashboard-Token',
        token_configured: deps.isTokenConfigured,
        // Nothing is signed with a secret that could be missing or guessed: a session is a record in the store.
        session_secret_explicit: true,
        session_secret_source: 'server_side',
        // What comes from outside proves itself or is refused; Inngest's development mode alone verifies nobody.
        webhook_signature_required: inngestState?.mode !== 'dev',
        environment: settings.environment,
      },
    };
  };
};

export type ShowDependencies = ReturnType<typeof createRuntimeDependencies>;
