import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { createFaultPlan, endpoints, faultPlanSchema, type Endpoint, type Fault } from './fault-plan.ts';
import { createHandOverLog, type HandOver } from './hand-over-log.ts';
import { changeOf, interrupt, isStatus, readingOf, send, sendStatus, spoiling } from './faulty-answers.ts';
import { parseBody, readBody } from './request-body.ts';
import { answerVendorCall, endpointOf, vendorError } from './vendor-routes.ts';
import { createWorkspace, type Mailed } from './workspace.ts';

export interface ProviderSimulatorOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly host?: string;
  /** When given, every other bearer token is a 401; otherwise any token will do. */
  readonly apiKey?: string;
  /** JSON lines of the log, on the disk before each answer. */
  readonly logFile?: string;
  readonly nowMs?: () => number;
}

export interface ProviderSimulator {
  readonly url: string;
  readonly port: number;
  log(): readonly HandOver[];
  mailed(): readonly Mailed[];
  /** Calls per endpoint since the start, refused ones included. */
  calls(): Readonly<Record<Endpoint, number>>;
  /** TCP connections ever accepted. */
  connections(): number;
  /** Replaces the plan; hits are counted from here. An empty list ends all faults. */
  setFaults(faults: readonly Fault[]): void;
  reveal(): void;
  clear(prefix: string): void;
  close(): Promise<void>;
}

/**
 * A real HTTP server in the shape of Instantly's API v2 that keeps everything it is handed and talks to
 * nobody. Beside `/api/v2/**` (bearer token required) it answers `GET /__log`, `GET /__mailed`,
 * `GET /__stats`, `GET /__health`, `POST /__faults`, `POST /__reveal` and `DELETE /__namespace?prefix=`.
 */
export async function startProviderSimulator(
  options: ProviderSimulatorOptions = {},
): Promise<ProviderSimulator> {
  const nowMs = options.nowMs ?? Date.now;
  const log = createHandOverLog({ file: options.logFile ?? null });
  const workspace = createWorkspace({ log, nowMs });
  const faults = createFaultPlan();
  const calls = Object.fromEntries(endpoints.map((endpoint) => [endpoint, 0])) as Record<Endpoint, number>;
  let connections = 0;

  const isAuthorised = (header: string | undefined): boolean => {
    const token = /^Bearer (\S+)$/.exec(header ?? '')?.[1];
    return token !== undefined && (options.apiKey === undefined || token === options.apiKey);
  };

  const answerVendor = async (
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    text: string,
  ): Promise<void> => {
    const target = endpointOf(request.method ?? '', url.pathname.slice('/api/v2'.length));
    if (target === null) return send(response, vendorError(404, 'Route not found'));
    calls[target.endpoint] += 1;
    if (!isAuthorised(request.headers.authorization)) {
      return send(response, vendorError(401, 'Invalid API key or missing Authorization header'));
    }
    const body = parseBody(request.headers['content-type'], text);
    if (!body.ok) return send(response, vendorError(400, body.message));

    const effects = faults.effectsOf(target.endpoint, emailOf(body.value));
    const refused = effects.find(
      (effect) => 'when' in effect && effect.when === 'before_acceptance' && effect.kind !== 'status',
    );
    if (refused !== undefined) return interrupt(response, refused);
    const early = effects.find(isStatus('before_acceptance'));
    if (early !== undefined) return sendStatus(response, early);
    if (effects.some(({ kind }) => kind === 'empty_page')) {
      return send(response, { status: 200, body: { items: [] } });
    }
    if (effects.some(({ kind }) => kind === 'mail_first')) workspace.mailLead(target.id);
    const answer = answerVendorCall(workspace, {
      ...target,
      endpoint: effects.some(({ kind }) => kind === 'ignore') ? readingOf(target.endpoint) : target.endpoint,
      query: url.searchParams,
      body: body.value,
      marks: {
        correlationId: headerOf(request, 'x-correlation-id'),
        idempotencyKey: headerOf(request, 'idempotency-key'),
      },
      change: changeOf(effects),
    });
    await log.durable();
    for (const effect of effects) if (effect.kind === 'delay') await pause(effect.delayMs);
    const late = effects.find(isStatus('after_acceptance'));
    if (late !== undefined) return sendStatus(response, late);
    const spoiled = effects.find((effect) => spoiling.has(effect.kind));
    if (spoiled !== undefined) return interrupt(response, spoiled);
    return send(response, answer);
  };

  const answerControl = (
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    text: string,
  ): void => {
    switch (`${request.method} ${url.pathname}`) {
      case 'GET /__health':
        return send(response, { status: 200, body: { ready: true } });
      case 'GET /__log': {
        const entries = chosenBy(url.searchParams, log.entries());
        return send(response, { status: 200, body: { entries, total: entries.length } });
      }
      case 'GET /__mailed':
        return send(response, { status: 200, body: { mailed: workspace.mailed() } });
      case 'GET /__stats':
        return send(response, { status: 200, body: { calls, connections } });
      case 'POST /__reveal':
        workspace.reveal();
        return send(response, { status: 200, body: { revealed: true } });
      case 'POST /__faults': {
        const plan = parseFaultPlan(text);
        if (!plan.ok) return send(response, vendorError(400, plan.message));
        faults.set(plan.faults);
        return send(response, { status: 200, body: { faults: plan.faults.length } });
      }
      case 'DELETE /__namespace': {
        const prefix = url.searchParams.get('prefix') ?? '';
        if (prefix === '') return send(response, vendorError(400, 'prefix is required'));
        return send(response, { status: 200, body: workspace.clear(prefix) });
      }
      default:
        return send(response, vendorError(404, 'Route not found'));
    }
  };

  const server = createServer((request, response) => {
    readBody(request, (text) => {
      if (text === null) return send(response, vendorError(413, 'Request body is too large'));
      const url = new URL(request.url ?? '/', 'http://simulator');
      if (!url.pathname.startsWith('/api/v2/')) return answerControl(request, response, url, text);
      answerVendor(request, response, url, text).catch((error: unknown) => {
        send(response, vendorError(500, error instanceof Error ? error.message : 'unknown failure'));
      });
    });
  });
  // Longer than any client's, so that a test never meets a connection closed for being idle.
  server.keepAliveTimeout = 120_000;
  server.on('connection', () => (connections += 1));
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    log: () => log.entries(),
    mailed: workspace.mailed,
    calls: () => ({ ...calls }),
    connections: () => connections,
    setFaults: faults.set,
    reveal: workspace.reveal,
    clear: (prefix) => void workspace.clear(prefix),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await log.close();
    },
  };
}

const withEmail = z.object({ email: z.string() });
const emailOf = (body: unknown): string | null => {
  const parsed = withEmail.safeParse(body);
  return parsed.success ? parsed.data.email : null;
};

const headerOf = (request: IncomingMessage, name: string): string | null => {
  const value = request.headers[name];
  return typeof value === 'string' ? value : null;
};

function chosenBy(query: URLSearchParams, entries: readonly HandOver[]): readonly HandOver[] {
  const batch = query.get('batch');
  const action = query.get('action');
  const after = Number(query.get('after') ?? 0);
  return entries.filter(
    (entry) =>
      entry.seq > after &&
      (batch === null || entry.campaignName.includes(`_${batch}_`)) &&
      (action === null || entry.actionId === action),
  );
}

function parseFaultPlan(
  text: string,
): { ok: true; faults: z.output<typeof faultPlanSchema>['faults'] } | { ok: false; message: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, message: 'the plan is not valid JSON' };
  }
  const plan = faultPlanSchema.safeParse(value);
  return plan.success ? { ok: true, faults: plan.data.faults } : { ok: false, message: plan.error.message };
}
