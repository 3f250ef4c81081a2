import SMTPConnection from 'nodemailer/lib/smtp-connection';

export interface LineOptions {
  readonly host: string;
  readonly port: number;
  /** `implicit`: TLS from the first byte; `required`: by STARTTLS or not at all; `none`: the simulator alone. */
  readonly tls: 'implicit' | 'required' | 'none';
  readonly login: { readonly user: string; readonly password: string } | null;
  readonly connections: number;
  readonly timeoutMs: number;
}

/** A connection that is logged in and carries nothing but the message of whoever holds it. */
export interface Line {
  readonly connection: SMTPConnection;
  /** Replaces who is told that the connection broke. */
  onFailure(tell: (error: Error) => void): void;
  /** For the next message. */
  giveBack(): void;
  /** Whatever state it is in, nothing more is written to it. */
  drop(): void;
}

interface Taker {
  ready(line: Line): void;
  failed(error: Error): void;
}

const nobody = (): void => undefined;

/** So many connections at most, kept from message to message. Nothing here sends, and nothing is tried twice. */
export function createLines(options: LineOptions) {
  const idle: Line[] = [];
  const waiting: Taker[] = [];
  const open = new Set<Line>();
  let closed = false;

  const serveNext = (): void => {
    if (closed || (idle.length === 0 && open.size >= options.connections)) return;
    const taker = waiting.shift();
    if (taker === undefined) return;
    const kept = idle.pop();
    if (kept === undefined) openLine(taker);
    else taker.ready(kept);
  };

  const openLine = (taker: Taker): void => {
    const connection = new SMTPConnection({
      host: options.host,
      port: options.port,
      secure: options.tls === 'implicit',
      ...(options.tls === 'none' ? { ignoreTLS: true } : { requireTLS: options.tls === 'required' }),
      connectionTimeout: options.timeoutMs,
      greetingTimeout: options.timeoutMs,
      socketTimeout: options.timeoutMs,
      dnsTimeout: options.timeoutMs,
      // What is dropped must be gone at once: a text that is cut off before its final dot was never sent.
      socketCloseTimeout: 0,
    });
    let tell: (error: Error) => void = (error) => taker.failed(error);
    const forget = (): void => {
      open.delete(line);
      const at = idle.indexOf(line);
      if (at !== -1) idle.splice(at, 1);
      serveNext();
    };
    const line: Line = {
      connection,
      onFailure: (next) => (tell = next),
      giveBack: () => {
        tell = nobody;
        idle.push(line);
        serveNext();
      },
      drop: () => {
        tell = nobody;
        connection.close();
      },
    };
    open.add(line);
    // A server that answers byte by byte is never silent; it must not hold the place for ever.
    const opening = setTimeout(() => connection.close(), options.timeoutMs);
    connection.on('error', (error: Error) => tell(error));
    connection.once('end', () => {
      clearTimeout(opening);
      // A reply that ended the connection is told right after its end.
      setImmediate(() => tell(new Error('the connection ended')));
      forget();
    });
    const opened = (): void => {
      clearTimeout(opening);
      taker.ready(line);
    };
    connection.connect((error) => {
      if (error !== undefined) return tell(error);
      const { login } = options;
      if (login === null) return opened();
      return connection.login({ user: login.user, pass: login.password }, (refusal) => {
        if (refusal === null) return opened();
        tell(refusal);
        return line.drop();
      });
    });
  };

  return {
    /**
     * Answers the taker once, later or at once, unless it withdraws before by calling what it gets, which says whether
     * it was still waiting for its turn.
     */
    take: (taker: Taker): (() => boolean) => {
      let over = false;
      const once: Taker = {
        // Given up while it was being opened: the next one may have it.
        ready: (line) => (over ? line.giveBack() : ((over = true), taker.ready(line))),
        failed: (error) => {
          if (!over) taker.failed(error);
          over = true;
        },
      };
      waiting.push(once);
      serveNext();
      return () => {
        over = true;
        const at = waiting.indexOf(once);
        if (at !== -1) waiting.splice(at, 1);
        return at !== -1;
      };
    },
    close: (): Promise<void> => {
      closed = true;
      for (const line of [...open]) line.drop();
      return Promise.resolve();
    },
  };
}
