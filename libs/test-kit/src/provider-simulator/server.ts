import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { endpoints, type Endpoint } from './endpoints.ts';
import { createFaultPlan, faultPlanSchema, type Fault, type FaultPlanInput } from './fault-plan.ts';
import { createHandOverLog, type HandOver } from './hand-over-log.ts';
import { send } from './faulty-answers.ts';
import { createGhlLocation, type GhlContactInput, type GhlLocation } from './ghl-location.ts';
import { createGhlPart } from './ghl-part.ts';
import { createHeyreachPart } from './heyreach-part.ts';
import type { CountSpelling } from './heyreach-shapes.ts';
import { createHeyreachWorkspace, type HeyreachWorkspace } from './heyreach-workspace.ts';
import { createInstantlyPart } from './instantly-part.ts';
import { readBody } from './request-body.ts';
import { createVendorDoor } from './vendor-door.ts';
import { vendorError } from './vendor-routes.ts';
import { createWorkspace, type Mailed } from './workspace.ts';

export interface ProviderSimulatorOptions {
  /** Hears of every call as it arrives, whatever becomes of it. */
  readonly onCall?: (endpoint: Endpoint) => void;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly host?: string;
  /** When given, every other bearer token is a 401; otherwise any token will do. */
  readonly apiKey?: string;
  /** JSON lines of the log, on the disk before each answer. */
  readonly logFile?: string;
  /** When given, an SMTP server listens there too; 0 takes a free one. With `apiKey`, it asks for that as password. */
  readonly smtpPort?: number;
  readonly nowMs?: () => number;
}

export interface ProviderSimulator {
  readonly url: string;
  readonly port: number;
  /** Null without `smtpPort`. */
  readonly smtpUrl: string | null;
  log(): readonly HandOver[];
  mailed(): readonly Mailed[];
  /** What people do in HeyReach's own screens, and how it counts what it took. */
  readonly heyreach: Pick<HeyreachWorkspace, 'bindCampaign' | 'campaign' | 'start' | 'lists'> & {
    spellCounts(spelling: CountSpelling): void;
  };
  /** The people of GoHighLevel's one location. */
  readonly ghl: Pick<GhlLocation, 'addContacts' | 'clear'>;
  /** Calls per endpoint since the start, refused ones included. */
  calls(): Readonly<Record<Endpoint, number>>;
  /** TCP connections ever accepted. */
  connections(): number;
  /** Replaces the plan; hits are counted from here. An empty list ends all faults. */
  readonly setFaults: (faults: readonly Fault[] | FaultPlanInput) => void;
  reveal(): void;
  clear(prefix: string): void;
  close(): Promise<void>;
}

/**
 * A real HTTP server in the shape of the vendors' APIs that keeps everything it is handed and talks to nobody.
 * Beside Instantly's `/api/v2/**` and HeyReach's `/api/public/**` and
 * GoHighLevel's `/ghl/**` it answers `GET /__log`, `GET /__mailed`,
 * `GET /__stats`, `GET /__health`, `POST /__faults`, `POST /__reveal`,
 * `POST /__contacts` and `DELETE /__namespace?prefix=`.
 */
export async function startProviderSimulator(
  options: ProviderSimulatorOptions = {},
): Promise<ProviderSimulator> {
  const nowMs = options.nowMs ?? Date.now;
  const log = createHandOverLog({ file: options.logFile ?? null });
  const workspace = createWorkspace({ log, nowMs });
  const heyreach = createHeyreachWorkspace({ log, nowMs });
  const ghl = createGhlLocation({ log, nowMs });
  let countSpelling: CountSpelling = 'addedLeadsCount';
  const faults = createFaultPlan();
  const calls = Object.fromEntries(endpoints.map((endpoint) => [endpoint, 0])) as Record<Endpoint, number>;
  let connections = 0;

  const door = createVendorDoor({
    parts: [
      createInstantlyPart({ workspace, apiKey: options.apiKey }),
      createHeyreachPart({
        ...{ workspace: heyreach, apiKey: options.apiKey },
        countSpelling: () => countSpelling,
      }),
      createGhlPart({ location: ghl, apiKey: options.apiKey }),
    ],
    faults,
    count: (endpoint) => {
      calls[endpoint] += 1;
      options.onCall?.(endpoint);
    },
    durable: log.durable,
  });

  const mailed = (): readonly Mailed[] => [...workspace.mailed(), ...heyreach.mailed()];
  const reveal = (): void => {
    workspace.reveal();
    heyreach.reveal();
    ghl.reveal();
  };
  const clear = (prefix: string) => {
    heyreach.clear(prefix);
    return workspace.clear(prefix);
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
        return send(response, { status: 200, body: { mailed: mailed() } });
      case 'GET /__stats':
        return send(response, { status: 200, body: { calls, connections } });
      case 'POST /__contacts': {
        const given = parsedBy(contactsSchema, text);
        if (!given.ok) return send(response, vendorError(400, given.message));
        const contacts = ghl.addContacts(given.value.contacts satisfies readonly GhlContactInput[]);
        return send(response, { status: 200, body: { contacts } });
      }
      case 'POST /__reveal':
        reveal();
        return send(response, { status: 200, body: { revealed: true } });
      case 'POST /__faults': {
        const plan = parsedBy(faultPlanSchema, text);
        if (!plan.ok) return send(response, vendorError(400, plan.message));
        faults.set(plan.value);
        return send(response, { status: 200, body: { faults: plan.value.faults.length } });
      }
      case 'DELETE /__namespace': {
        const prefix = url.searchParams.get('prefix') ?? '';
        if (prefix === '') return send(response, vendorError(400, 'prefix is required'));
        return send(response, { status: 200, body: clear(prefix) });
      }
      default:
        return send(response, vendorError(404, 'Route not found'));
    }
  };

  const server = createServer((request, response) => {
    readBody(request, (text) => {
      if (text === null) return send(response, vendorError(413, 'Request body is too large'));
      const url = new URL(request.url ?? '/', 'http://simulator');
      if (!door.open(request, response, url, text)) answerControl(request, response, url, text);
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
  const smtp =
    options.smtpPort === undefined
      ? null
      : // Loaded by those alone who want it.
        await (
          await import('./smtp.ts')
        ).startSmtp({
          ...{ port: options.smtpPort, host, apiKey: options.apiKey, log, nowMs, faults },
          count: (endpoint) => (calls[endpoint] += 1),
        });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    smtpUrl: smtp?.url ?? null,
    log: () => log.entries(),
    mailed,
    heyreach: { ...heyreach, spellCounts: (spelling) => void (countSpelling = spelling) },
    ghl,
    calls: () => ({ ...calls }),
    connections: () => connections,
    setFaults: faults.set,
    reveal,
    clear: (prefix) => void clear(prefix),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await smtp?.close();
      await log.close();
    },
  };
}

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

const contactsSchema = z.strictObject({
  contacts: z.array(
    z.strictObject({
      email: z.string().nullable(),
      name: z.string().default(''),
      website: z.string().nullable().default(null),
      tags: z.array(z.string()).default([]),
    }),
  ),
});

function parsedBy<S extends z.ZodType>(
  schema: S,
  text: string,
): { ok: true; value: z.output<S> } | { ok: false; message: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, message: 'the body is not valid JSON' };
  }
  const parsed = schema.safeParse(value);
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, message: parsed.error.message };
}
