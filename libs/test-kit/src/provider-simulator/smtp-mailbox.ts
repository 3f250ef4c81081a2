import type { Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { HandOverLog } from './hand-over-log.ts';

export interface SmtpMailboxOptions {
  readonly log: HandOverLog;
  readonly nowMs: () => number;
  /** The one login that is taken; null means that none is asked for. */
  readonly login: { readonly user: string; readonly password: string } | null;
}

const serverError = (responseCode: number, message: string): Error =>
  Object.assign(new Error(message), { responseCode });

/**
 * An SMTP server by another hand (the package smtp-server) that takes every message, keeps its bytes in the log before
 * it says so, and mails nothing. Knows no faults.
 */
export async function startSmtpMailbox({ log, nowMs, login }: SmtpMailboxOptions) {
  let messages = 0;
  const server = new SMTPServer({
    name: 'simulator.example',
    banner: 'nothing leaves this machine',
    disabledCommands: login === null ? ['STARTTLS', 'AUTH'] : ['STARTTLS'],
    authMethods: ['PLAIN', 'LOGIN'],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    size: 1_048_576,
    socketTimeout: 86_400_000,
    logger: false,
    onAuth: ({ username, password }, _session, done) => {
      if (login !== null && username === login.user && password === login.password) {
        return done(null, { user: username });
      }
      return done(serverError(535, '5.7.8 Authentication credentials invalid'));
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks).toString('utf8');
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom === false ? null : mailFrom.address;
        const messageId = `smtp-${String((messages += 1))}`;
        log.append({
          at: new Date(nowMs()).toISOString(),
          vendor: 'smtp',
          raw,
          leadId: messageId,
          campaignId: '',
          campaignName: '',
          email: rcptTo.map(({ address }) => address).join(','),
          subject: null,
          body: null,
          actionId: /^Message-ID:\s*<(act_[^@>]+)@/im.exec(raw)?.[1] ?? null,
          attemptId: null,
          contentDigest: null,
          wouldMail: { from, subject: '', body: '', openTracking: false, linkTracking: false, steps: 1 },
          correlationId: null,
          idempotencyKey: null,
        });
        log.durable().then(
          () => done(null, `2.0.0 Ok: queued as ${messageId}`),
          () => done(serverError(451, '4.3.0 The log could not be written')),
        );
      });
    },
  });
  server.on('error', () => undefined);
  const listener = server.listen(0, '127.0.0.1');
  await new Promise<void>((resolve) => void listener.once('listening', resolve));
  const address = listener.address();
  const sockets = new Set<Socket>();
  listener.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
