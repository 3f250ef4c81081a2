import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServiceTokenSigner, digestOf, parseServicePrivateKey, serviceTokenHeader } from '@caio/auth';
import { type RunningProcess, startProcess } from '@caio/test-kit';
import { request } from 'undici';
import { allPermissions } from '../stack/stack-settings.ts';
import type { StackSecrets } from '../stack/secrets.ts';
import { type Life, soundLife } from './scenario.ts';
import { skewedClock } from './skewed-clock.ts';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

interface MemberOptions {
  readonly index: number;
  readonly port: number;
  readonly bundle: string;
  readonly folder: string;
  readonly secrets: StackSecrets;
  readonly lives: readonly Life[];
  /** Asked at every start: a policy or a mode may have changed. */
  readonly environmentOf: () => Record<string, string>;
  /** A fault point was reached: the process is dead, or stands still until `goOn`. */
  readonly onFault: (point: string, kind: 'kill' | 'stop', index: number) => void;
}

/** One stretch from a start to its end. `toMs` is infinite while it lasts. */
export interface LivedLife {
  readonly pid: number;
  readonly life: Life;
  readonly fromMs: number;
  toMs: number;
  /** When it stood still, and which messages it was about to hand over then. */
  readonly stopped: { readonly fromMs: number; toMs: number; readonly actionIds: Set<string> }[];
}

/** For a machine with too much to do; who stands still or dies is not waited for. */
const callTimeoutMs = 15_000;

/** A start may fail because the store is away; more often than this it is for another reason. */
const startsMax = 4;

const stateOf = (pid: number): string => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
  } catch {
    return '';
  }
};

const pointOf = (life: Life, kind: 'kill' | 'stop'): string =>
  life.plan.find((part) => part.startsWith(`${kind}:`))?.split(':')[1] ?? '';

/** One gatekeeper process of a scenario: it dies and stands still as planned and is started again each time. */
export const createMember = (options: MemberOptions) => {
  const signing = parseServicePrivateKey(options.secrets.privateKeys.gateway);
  if (!signing.ok) throw new Error(signing.problem);
  const lived: LivedLife[] = [];
  let process: RunningProcess | null = null;
  let turn = 0;
  let healed = false;
  let closing = false;
  let stoppedAt = '';
  let giveUp = new AbortController();
  let running: Promise<void> = Promise.resolve();
  let clock = skewedClock(soundLife, options.folder, 'sound');
  let startedAtMs = 0;
  const signer = createServiceTokenSigner({
    service: 'gateway',
    privateKey: signing.value,
    now: () => clock.read(startedAtMs, Date.now()),
  });

  const live = async (): Promise<void> => {
    for (let starts = 0; !closing; starts += 1) {
      if (starts > 12) throw new Error(`process ${options.index} does not stay alive`);
      const life = healed ? soundLife : (options.lives[turn] ?? soundLife);
      turn += 1;
      clock = skewedClock(life, options.folder, `${options.index}-${turn}`);
      startedAtMs = Date.now();
      let started: RunningProcess;
      const record: LivedLife = {
        ...{ pid: 0, life, fromMs: startedAtMs, toMs: Number.POSITIVE_INFINITY, stopped: [] },
      };
      try {
        started = await startProcess({
          command: globalThis.process.execPath,
          args: [...clock.arguments, options.bundle],
          env: {
            ...options.environmentOf(),
            ...(life.plan.length === 0 ? {} : { FAULT_PLAN: life.plan.join(',') }),
          },
          readyWhen: (one) => {
            // Also a process that stands still before it is ready has to be found and told to go on.
            process = one;
            return one.stdout().includes('"ready":true');
          },
          readyTimeoutMs: 30_000,
        });
      } catch (error) {
        process = null;
        const message = error instanceof Error ? error.message : '';
        if (message.includes('signal SIGKILL')) options.onFault(pointOf(life, 'kill'), 'kill', options.index);
        else if (starts > startsMax) throw error;
        continue;
      }
      lived.push({ ...record, pid: started.pid });
      const { signal } = await started.exit;
      const last = lived.at(-1);
      if (last !== undefined) last.toMs = Date.now();
      process = null;
      if (signal === 'SIGKILL' && !closing && !healed)
        options.onFault(pointOf(life, 'kill'), 'kill', options.index);
    }
  };

  const goOn = (): void => {
    stoppedAt = '';
    const last = lived.at(-1)?.stopped.at(-1);
    if (last !== undefined) last.toMs = Date.now();
    process?.signal('SIGCONT');
  };

  const current = (): LivedLife | undefined => (process === null ? undefined : lived.at(-1));

  return {
    index: options.index,
    lived: (): readonly LivedLife[] => lived,
    pid: (): number | null => process?.pid ?? null,
    logs: (): string => (process === null ? '' : process.stdout() + process.stderr()),
    isSound: (): boolean => process !== null && stoppedAt === '' && current()?.life.clockOffsetMs === 0,
    isUp: (): boolean => process !== null && stoppedAt === '',
    start: (): void => {
      running = live();
    },
    /** Resolves only with a failure of the process to live. */
    failed: (): Promise<void> => running,
    /** Says once that the process stands still, and where. */
    noticeStop: (): void => {
      if (process === null || stoppedAt !== '' || stateOf(process.pid) !== 'T') return;
      stoppedAt = pointOf(options.lives[turn - 1] ?? soundLife, 'stop');
      giveUp.abort();
      giveUp = new AbortController();
      lived
        .at(-1)
        ?.stopped.push({ fromMs: Date.now(), toMs: Number.POSITIVE_INFINITY, actionIds: new Set() });
      options.onFault(stoppedAt, 'stop', options.index);
    },
    goOn,
    /** The next start is sound; one that is not sound now is ended. */
    heal: async (): Promise<void> => {
      healed = true;
      if (stoppedAt !== '') goOn();
      if (current()?.life.clockOffsetMs !== 0) await process?.kill9();
    },
    /** In order: what it has in hand is finished first. */
    restart: async (): Promise<void> => {
      await process?.stop();
    },
    /** One signed call. Throws when there is no answer in time, or the process stands still meanwhile. */
    call: async (method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> => {
      const bytes =
        body === undefined ? null : Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
      const correlationId = `crash-${randomUUID()}`;
      const token = signer.sign({
        audience: 'gatekeeper',
        method,
        path,
        bodyDigest: bytes === null ? null : digestOf(bytes),
        correlationId,
        user: { name: 'test-user', permissions: allPermissions },
      });
      const answer = await request(`http://127.0.0.1:${options.port}${path}`, {
        method,
        headers: {
          [serviceTokenHeader]: token,
          'x-correlation-id': correlationId,
          ...(bytes === null
            ? {}
            : { 'content-type': Buffer.isBuffer(body) ? 'application/x-ndjson' : 'application/json' }),
        },
        body: bytes,
        signal: AbortSignal.any([giveUp.signal, AbortSignal.timeout(callTimeoutMs)]),
      });
      const text = await answer.body.text();
      const json: unknown = text === '' ? null : JSON.parse(text);
      return { status: answer.statusCode, body: json };
    },
    close: async (): Promise<void> => {
      closing = true;
      process?.signal('SIGCONT');
      await process?.kill9();
      await running.catch(() => undefined);
    },
  };
};

export type Member = ReturnType<typeof createMember>;
