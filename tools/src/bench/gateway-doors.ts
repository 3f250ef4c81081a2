import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { CannedAnswer } from '../bench-servers/canned-answers.ts';
import { upstreamCountsPath } from '../bench-servers/upstream.ts';
import { freePorts } from '../stack/free-ports.ts';
import { createStackSecrets } from '../stack/secrets.ts';
import { allPermissions, serviceEnvironment } from '../stack/stack-settings.ts';
import { type BenchServer, startReference, startServer } from './bench-server.ts';

const stopMs = 8_000;
const limitMax = 1_000_000;
const countsSchema = z.object({ requests: z.number(), connections: z.number() });

export interface DoorSettings {
  readonly root: string;
  /** Bundles of the gateway and of the servers it is compared with. */
  readonly programs: { readonly gateway: string; readonly references: string };
  readonly redisUrl: string;
  /** Names the keys in Redis; not a local one, so that the gateway runs as it is deployed. */
  readonly environment: string;
  /** What the one user there is gets in with. */
  readonly token: string;
  /** For logs and records. */
  readonly folder: string;
}

/**
 * Three doors in front of one upstream that speaks for the gatekeeper, each a process of its own. Of what counts as
 * expensive the gateway lets one request a minute through; no other limit is met.
 */
export const startDoors = async (settings: DoorSettings) => {
  const { programs, redisUrl, environment, token, folder } = settings;
  const started: BenchServer[] = [];
  const start = async (starting: Promise<BenchServer>): Promise<BenchServer> => {
    const server = await starting;
    started.push(server);
    return server;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((server) => server.stop(stopMs)));
  };
  const startGateway = async (upstreamUrl: string): Promise<BenchServer> =>
    startServer({
      name: 'gateway',
      program: programs.gateway,
      environment: serviceEnvironment(
        {
          ...{ root: settings.root, environment, redisUrl, secrets: createStackSecrets() },
          users: [{ principal: { name: 'bench', permissions: allPermissions }, token }],
          ports: { ...(await freePorts()), gateway: 0, gatekeeper: Number(new URL(upstreamUrl).port) },
          ...{ policyFile: '', copyPackDir: '', deliveryMode: 'log-only', inngestUrl: null },
          recordsDir: folder,
          extra: {
            gateway: {
              RATE_LIMIT_READ_PER_MINUTE: String(limitMax),
              RATE_LIMIT_EXPENSIVE_PER_MINUTE: '1',
              TRUST_PROXY_HOPS: '1',
            },
          },
        },
        'gateway',
      ),
      logsDir: folder,
    });
  try {
    const upstream = await start(startReference(programs.references, { role: 'upstream' }, folder));
    const upstreamUrl = upstream.url;
    return {
      gateway: await start(startGateway(upstreamUrl)),
      undici: await start(startReference(programs.references, { role: 'undici-proxy', upstreamUrl }, folder)),
      express: await start(
        startReference(
          programs.references,
          {
            ...{ role: 'express-proxy', upstreamUrl, redisUrl, keyPrefix: `{caio:${environment}}:express:` },
            tokenSha256: createHash('sha256').update(token).digest('hex'),
            requestsPerMinuteMax: limitMax,
          },
          folder,
        ),
      ),
      /** A server that does nothing but give these answers. */
      startCanned: (answers: CannedAnswer[]): Promise<BenchServer> =>
        start(startReference(programs.references, { role: 'canned-answers', answers }, folder)),
      /** How many requests have reached the upstream. */
      reached: async (): Promise<number> => {
        const answer = await fetch(upstreamUrl + upstreamCountsPath);
        return countsSchema.parse(await answer.json()).requests;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
};

export type Doors = Awaited<ReturnType<typeof startDoors>>;
