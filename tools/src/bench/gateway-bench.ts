import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { upstreamAnswer } from '../bench-servers/upstream.ts';
import { removeNamespace } from '../once/namespace.ts';
import { bundlePrograms } from '../stack/bundles.ts';
import { resolveRedis } from '../stack/redis.ts';
import { type BenchServer, bundleBenchServers } from './bench-server.ts';
import type { Bench } from './bench.ts';
import { cpuMicrosOf } from './cpu-time.ts';
import { type Doors, startDoors } from './gateway-doors.ts';
import { createLoad, type LoadRequest, type LoadResult } from './load.ts';
import { captureAnswer, statusWithoutBody } from './refusal-probe.ts';
import { type Refusal, refusalsFor } from './refusals.ts';
import { measureRounds, type Subject } from './rounds.ts';
import { judgeFigures } from './verdict.ts';

const connections = 32;
const proxiedRequests = 3_000;
const refusedRequests = 6_000;
/** Of so many refused requests one may get through, where a count began anew in between. */
const refusedPerAllowedMin = 100;
// Requests are recorded a little later, and that work belongs to them.
const settleMs = 150;

const expressShareMax = 0.4;
const undiciTimesMax = 1.6;
const bareTimesMax = 1.5;

type Ask = (requests: number, requestOf: () => LoadRequest) => Promise<LoadResult>;

const told = ({ statuses }: LoadResult): string =>
  [...statuses].map(([status, count]) => `${count} × ${status}`).join(', ');

/** One load process for everybody: this one. Gives, for each server, a way to ask it over connections that are kept. */
const createAsking = () => {
  const loads = new Map<BenchServer, ReturnType<typeof createLoad>>();
  return {
    of: (server: BenchServer): Ask => {
      const load = loads.get(server) ?? createLoad(server.url, connections);
      loads.set(server, load);
      return load.run;
    },
    close: async (): Promise<void> => {
      await Promise.allSettled([...loads.values()].map((load) => load.close()));
    },
  };
};

/** Microseconds of CPU that a server takes for each of so many requests. */
const cpuPerRequest = async (
  { pid }: BenchServer,
  requests: number,
  work: () => Promise<void>,
): Promise<number> => {
  const before = cpuMicrosOf(pid);
  await work();
  await pause(settleMs);
  return (cpuMicrosOf(pid) - before) / requests;
};

/** A GET that the door passes on; every answer has to come back whole. */
const proxiedGet = (part: string, server: BenchServer, ask: Ask, token: string): Subject => ({
  name: part,
  sample: async () => ({
    [part]: await cpuPerRequest(server, proxiedRequests, async () => {
      const request = { path: '/api/queue-status', headers: { 'x-dashboard-token': token } };
      const result = await ask(proxiedRequests, () => request);
      const isWhole = result.bodyBytes === proxiedRequests * Buffer.byteLength(upstreamAnswer);
      if (result.statuses.get(200) !== proxiedRequests || !isWhole)
        throw new Error(`${part} did not pass every answer on: ${told(result)}`);
    }),
  }),
});

/** A refusal by the gateway; nothing of it may reach the upstream. `onRefused` is told how many there were. */
const refusedGet = (
  part: string,
  { status, requestOf }: Refusal,
  context: { doors: Doors; ask: Ask; onRefused: (count: number) => void },
): Subject => ({
  name: part,
  sample: async () => {
    const { doors, ask } = context;
    // Whoever is let through when a count begins anew comes first.
    await ask(connections, requestOf);
    const before = await doors.reached();
    const cpu = await cpuPerRequest(doors.gateway, refusedRequests, async () => {
      const result = await ask(refusedRequests, requestOf);
      const [refused = 0, allowed = 0] = [result.statuses.get(status), result.statuses.get(200)];
      if (refused + allowed < refusedRequests || allowed * refusedPerAllowedMin > refused)
        throw new Error(`${part} was answered otherwise: ${told(result)}`);
      context.onRefused(refused);
      const reached = (await doors.reached()) - before;
      if (reached !== allowed)
        throw new Error(`${reached} requests reached the upstream and ${allowed} were let through`);
    });
    return { [part]: cpu };
  },
});

/** The same bytes from a server that does nothing else. */
const cannedGet = (
  part: string,
  server: BenchServer,
  ask: Ask,
  index: number,
  refusal: Refusal,
): Subject => ({
  name: part,
  sample: async () => ({
    [part]: await cpuPerRequest(server, refusedRequests, async () => {
      const result = await ask(refusedRequests, () => ({ ...refusal.requestOf(), path: `/${index}` }));
      if (result.statuses.get(refusal.status) !== refusedRequests)
        throw new Error(`${part} was answered otherwise: ${told(result)}`);
    }),
  }),
});

/** Gives each refusal as it goes over the wire, having seen that it does not wait for a body. */
const captureRefusals = async (doors: Doors, ask: Ask, refusals: readonly Refusal[]) => {
  const answers = [];
  for (const { name, status, requestOf, postPath } of refusals) {
    await ask(connections, requestOf);
    const answer = await captureAnswer(doors.gateway.url, requestOf());
    const withoutBody = await statusWithoutBody(doors.gateway.url, { ...requestOf(), path: postPath });
    if (answer.status !== status || withoutBody !== status)
      throw new Error(
        `${name}: answered with ${answer.status}, and while its body was awaited ${withoutBody}`,
      );
    answers.push(answer);
  }
  return answers;
};

/** CPU that the gateway takes to pass a request on and to refuse one, beside servers that do the usual or the least. */
export const gatewayBench: Bench = {
  name: 'gateway',
  measures: 'server CPU of a proxied request and of a refusal, beside plainer servers',
  rounds: 10,
  run: async ({ root, rounds, say }) => {
    if (!existsSync('/proc/self/stat'))
      throw new Error('The CPU time of a process is read from /proc, which only Linux has. Run it there.');
    const programs = {
      gateway: (await bundlePrograms(root)).get('gateway') ?? '',
      references: await bundleBenchServers(root),
    };
    const redis = await resolveRedis(root, { noInstall: false, purpose: 'check' });
    const environment = `bench-${randomBytes(6).toString('hex')}`;
    const folder = mkdtempSync(join(tmpdir(), 'caio-bench-'));
    const token = randomBytes(24).toString('base64url');
    const asking = createAsking();
    let doors: Doors | null = null;
    try {
      const open = await startDoors({ root, programs, redisUrl: redis.url, environment, token, folder });
      doors = open;
      const askGateway = asking.of(open.gateway);
      const refusals = refusalsFor(token);
      const canned = await open.startCanned(await captureRefusals(open, askGateway, refusals));
      let refusedTotal = 0;
      const onRefused = (count: number): void => {
        refusedTotal += count;
      };
      const subjects = [
        proxiedGet('GET, Express', open.express, asking.of(open.express), token),
        proxiedGet('GET, undici', open.undici, asking.of(open.undici), token),
        proxiedGet('GET, gateway', open.gateway, askGateway, token),
        ...refusals.flatMap((refusal, index) => [
          cannedGet(`${refusal.name}, bare`, canned, asking.of(canned), index, refusal),
          refusedGet(`${refusal.name}, gateway`, refusal, { doors: open, ask: askGateway, onRefused }),
        ]),
      ];
      say('  warming up');
      for (const { sample } of subjects) await sample();
      const figures = await measureRounds({
        subjects,
        rounds,
        onSample: (name, done, total) => say(`  ${done} of ${total}: ${name}`),
      });
      const atMost = (part: string, against: string, max: number) => ({
        ...{ part, against },
        limit: { of: 'ratio' as const, max },
      });
      return {
        bench: 'gateway',
        unit: 'µs of CPU',
        rounds,
        verdicts: judgeFigures(figures, [
          atMost('GET, gateway', 'GET, Express', expressShareMax),
          atMost('GET, gateway', 'GET, undici', undiciTimesMax),
          ...refusals.map(({ name }) => atMost(`${name}, gateway`, `${name}, bare`, bareTimesMax)),
        ]),
        remarks: [
          `None of ${refusedTotal} refused requests reached the upstream, and each refusal also came while the body of a POST was still awaited.`,
        ],
      };
    } finally {
      await asking.close();
      await doors?.stop();
      await removeNamespace(redis.url, environment);
      await redis.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
