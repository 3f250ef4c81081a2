import { connect, createServer, type Socket } from 'node:net';
import type { SmtpEndpoint } from './endpoints.ts';
import type { FaultEffect, FaultPlan } from './fault-plan.ts';

export interface SmtpGateOptions {
  readonly port: number;
  readonly host: string;
  /** Where the honest server listens. */
  readonly mailboxPort: number;
  readonly faults: FaultPlan;
  readonly count: (endpoint: SmtpEndpoint) => void;
}

const commands: Readonly<Partial<Record<string, SmtpEndpoint>>> = {
  EHLO: 'smtp EHLO',
  HELO: 'smtp EHLO',
  AUTH: 'smtp AUTH',
  MAIL: 'smtp MAIL',
  RCPT: 'smtp RCPT',
  DATA: 'smtp DATA',
};

/** The mailbox greets a tenth of a second late, to catch who talks too soon; these have been greeted already. */
const sparesKept = 4;
const endOfData = '\r\n.\r\n';
const texts: Readonly<Record<number, string>> = {
  421: '4.3.2 Service not available, closing transmission channel',
  450: '4.2.1 Mailbox temporarily unavailable',
  451: '4.3.0 Local error in processing',
  452: '4.3.1 Insufficient system storage',
  535: '5.7.8 Authentication credentials invalid',
  550: '5.1.1 No such user here',
  552: '5.3.4 Message too big',
  554: '5.7.1 Transaction failed',
};

/**
 * Stands between a client and the mailbox, passes on one command at a time, and lies where the plan says so. A fault
 * before acceptance keeps the command, or the final dot, from the mailbox; one after acceptance spoils its answer.
 */
export async function startSmtpGate(options: SmtpGateOptions) {
  const sockets = new Set<Socket>();
  const toMailbox = (): Socket => {
    const socket = connect(options.mailboxPort, '127.0.0.1');
    socket.on('error', () => undefined);
    sockets.add(socket);
    return socket;
  };
  const spares = Array.from({ length: sparesKept }, toMailbox);
  const server = createServer((client) => {
    spares.push(toMailbox());
    const mailbox = spares.shift() ?? toMailbox();
    for (const socket of [client, mailbox]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        sockets.delete(socket);
        client.destroy();
        mailbox.destroy();
      });
    }
    serve({ client, mailbox, ...options });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

interface Session extends Pick<SmtpGateOptions, 'faults' | 'count'> {
  readonly client: Socket;
  readonly mailbox: Socket;
}

/** What a session waits for: the mailbox's answer to a step, or the client's next command or its data. */
type Waiting =
  | { readonly for: 'answer'; readonly step: SmtpEndpoint | null; readonly effects: readonly FaultEffect[] }
  | { readonly for: 'command' }
  | { readonly for: 'data' }
  | { readonly for: 'nothing' };

function serve({ client, mailbox, faults, count }: Session): void {
  let fromClient = '';
  let fromMailbox = '';
  let recipient: string | null = null;
  let inLogin = false;

  const meet = (step: SmtpEndpoint): readonly FaultEffect[] => {
    count(step);
    return faults.effectsOf(step, recipient);
  };
  let waiting: Waiting = { for: 'answer', step: 'smtp CONNECT', effects: meet('smtp CONNECT') };

  const stop = (): void => {
    waiting = { for: 'nothing' };
  };
  const say = (effect: Extract<FaultEffect, { kind: 'status' }>): void => {
    const text = effect.message ?? texts[effect.status] ?? '5.0.0 Planned by the test';
    client.write(`${String(effect.status)} ${text}\r\n`);
    if (effect.status === 421) {
      stop();
      client.end();
    }
  };

  /** True when the step went no further than this. */
  const isStopped = (effects: readonly FaultEffect[], when: 'before_acceptance' | 'after_acceptance') => {
    const effect = effects.find((one) => 'when' in one && one.when === when);
    if (effect === undefined) return false;
    if (effect.kind === 'cut') client.destroy();
    if (effect.kind === 'status') {
      say(effect);
      if (waiting.for !== 'nothing') waiting = { for: 'command' };
      return true;
    }
    stop();
    return true;
  };

  const pass = (text: string, step: SmtpEndpoint | null, effects: readonly FaultEffect[]): void => {
    mailbox.write(text, 'latin1');
    waiting = { for: 'answer', step, effects };
  };

  const takeCommand = (): boolean => {
    const end = fromClient.indexOf('\r\n');
    if (end === -1) return false;
    const line = fromClient.slice(0, end + 2);
    fromClient = fromClient.slice(end + 2);
    const step = inLogin ? null : (commands[line.slice(0, 4).toUpperCase()] ?? null);
    if (step === 'smtp MAIL') recipient = null;
    if (step === 'smtp RCPT') recipient = /<([^>]*)>/.exec(line)?.[1] ?? null;
    const effects = step === null ? [] : meet(step);
    if (isStopped(effects, 'before_acceptance')) return true;
    pass(line, step, effects);
    return true;
  };

  const takeData = (): boolean => {
    const whole = fromClient.startsWith('.\r\n') ? 3 : fromClient.indexOf(endOfData) + endOfData.length;
    if (whole < endOfData.length && whole !== 3) return false;
    const text = fromClient.slice(0, whole);
    const effects = meet('smtp BODY');
    fromClient = fromClient.slice(whole);
    // The mailbox must not get the final dot; it would wait for it in vain.
    if (effects.some((effect) => 'when' in effect && effect.when === 'before_acceptance')) {
      mailbox.removeAllListeners('close');
      mailbox.destroy();
      const isAnswered = effects.some(({ kind }) => kind === 'status');
      isStopped(effects, 'before_acceptance');
      if (isAnswered) client.end();
      stop();
      return true;
    }
    pass(text, 'smtp BODY', effects);
    return true;
  };

  const takeAnswer = (step: SmtpEndpoint | null, effects: readonly FaultEffect[]): boolean => {
    const end = /^(?:\d{3}-.*\r\n)*(\d{3})(?: .*)?\r\n/.exec(fromMailbox);
    if (end === null) return false;
    const [answer, code] = end;
    fromMailbox = fromMailbox.slice(answer.length);
    if (isStopped(effects, 'after_acceptance')) return true;
    inLogin = code === '334';
    const next: Waiting = { for: step === 'smtp DATA' && code === '354' ? 'data' : 'command' };
    const slow = effects.find((effect) => effect.kind === 'drip');
    if (slow !== undefined) {
      stop();
      dripInto(client, answer, slow, () => {
        waiting = next;
        turn();
      });
      return true;
    }
    waiting = next;
    if (effects.some(({ kind }) => kind === 'malformed_json')) client.write('Hello, who is there?\r\n');
    else if (effects.some(({ kind }) => kind === 'partial')) client.end(answer.slice(0, 3));
    else if (effects.some(({ kind }) => kind === 'oversized'))
      client.write(`${code}-${'x'.repeat(2_097_152)}`);
    else client.write(answer, 'latin1');
    return true;
  };

  const turn = (): void => {
    for (;;) {
      const now: Waiting = waiting;
      const moved =
        now.for === 'answer'
          ? takeAnswer(now.step, now.effects)
          : now.for === 'command'
            ? takeCommand()
            : now.for === 'data' && takeData();
      if (!moved) return;
    }
  };
  client.on('data', (chunk: Buffer) => {
    fromClient += chunk.toString('latin1');
    turn();
  });
  mailbox.on('data', (chunk: Buffer) => {
    fromMailbox += chunk.toString('latin1');
    turn();
  });
  // A banner that must not come before acceptance is decided without the mailbox.
  if (waiting.for === 'answer') isStopped(waiting.effects, 'before_acceptance');
}

function dripInto(
  client: Socket,
  text: string,
  pace: Extract<FaultEffect, { kind: 'drip' }>,
  done: () => void,
): void {
  const bytes = Buffer.from(text, 'latin1');
  let at = 0;
  const timer = setInterval(() => {
    client.write(bytes.subarray(at, at + pace.bytes));
    at += pace.bytes;
    if (at < bytes.length) return;
    clearInterval(timer);
    done();
  }, pace.everyMs);
  client.once('close', () => clearInterval(timer));
}
