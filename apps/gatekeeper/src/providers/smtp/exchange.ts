import { Readable } from 'node:stream';
import { createLines, type Line, type LineOptions } from './lines.ts';

/** The commands a message takes, by what their replies are about (docs/provider-outcomes.md). */
export type SmtpPhase = 'session' | 'sender' | 'recipient' | 'message';

/**
 * What one message came to. `not_written` is proof that nothing of it left; `lost` means that the text left and its
 * reply did not come whole; `answered` is a refusal by a whole reply.
 */
export type SmtpExchange =
  | { readonly state: 'accepted'; readonly reply: string }
  | { readonly state: 'answered'; readonly phase: SmtpPhase; readonly reply: string }
  | {
      readonly state: 'not_written';
      readonly code: 'deadline_passed' | 'connect_failed' | 'no_connection';
    }
  | { readonly state: 'lost'; readonly code: 'timeout' | 'connection_lost' }
  | { readonly state: 'unreadable' };

export interface SmtpMessage {
  readonly from: string;
  readonly to: string;
  /** The whole RFC 5322 message. */
  readonly content: string;
  /** On the exchange's monotonic clock; nothing of the message is written at or after it. */
  readonly writeDeadlineMs: number;
}

export interface SmtpExchangeOptions extends LineOptions {
  /** From the call to the reply to the final dot, waiting for a connection included. */
  readonly timeoutMs: number;
  readonly monotonicMs: () => number;
}

/**
 * Messages over a few kept connections, without retries and with one question answered for certain: can the server
 * have taken it. A server takes a message with its reply to the final dot, so before the text left it cannot.
 */
export function createSmtpExchange(options: SmtpExchangeOptions) {
  const lines = createLines(options);
  return {
    send: (message: SmtpMessage): Promise<SmtpExchange> =>
      new Promise((resolve) => {
        new Delivery(message, options, lines, resolve).start();
      }),
    close: lines.close,
  };
}

/** What nodemailer says about a failure: the whole reply when there was one, and the command it answered. */
interface Failure extends Error {
  readonly code?: string;
  readonly command?: string;
  readonly response?: string;
  readonly responseCode?: number;
}

const phases: Readonly<Partial<Record<string, SmtpPhase>>> = { 'RCPT TO': 'recipient' };

class Delivery {
  private line: Line | null = null;
  private at: 'session' | 'envelope' | 'text' = 'session';
  private settled = false;
  private readonly timer: NodeJS.Timeout;
  private withdraw: () => boolean = () => false;

  constructor(
    private readonly message: SmtpMessage,
    private readonly options: SmtpExchangeOptions,
    private readonly lines: ReturnType<typeof createLines>,
    private readonly resolve: (exchange: SmtpExchange) => void,
  ) {
    this.timer = setTimeout(() => this.settle(this.silence()), options.timeoutMs);
  }

  start(): void {
    this.withdraw = this.lines.take({
      ready: (line) => this.write(line),
      failed: (error: Failure) =>
        this.settle(
          isWhole(error.response)
            ? { state: 'answered', phase: 'session', reply: error.response }
            : { state: 'not_written', code: 'connect_failed' },
        ),
    });
  }

  private write(line: Line): void {
    this.line = line;
    line.onFailure((error) => this.failed(error));
    if (this.isLate()) return this.settle({ state: 'not_written', code: 'deadline_passed' });
    this.at = 'envelope';
    const { from, to } = this.message;
    line.connection.send({ from, to: [to] }, this.text(), (error, info) => {
      if (error !== null) return this.failed(error);
      const reply = info?.response ?? '';
      return this.settle(/^2\d\d[ -]/.test(reply) ? { state: 'accepted', reply } : { state: 'unreadable' });
    });
  }

  /** Asked for its content in the turn in which the server's 354 is read and the content is written. */
  private text(): Readable {
    const content = this.message.content;
    const read = (): void => {
      if (this.isLate()) {
        this.settle({ state: 'not_written', code: 'deadline_passed' });
        text.destroy();
        return;
      }
      this.at = 'text';
      text.push(content);
      text.push(null);
    };
    const text = new Readable({ read });
    return text;
  }

  private isLate(): boolean {
    return this.options.monotonicMs() >= this.message.writeDeadlineMs;
  }

  private silence(): SmtpExchange {
    if (this.at === 'text') return { state: 'lost', code: 'timeout' };
    return { state: 'not_written', code: this.withdraw() ? 'no_connection' : 'connect_failed' };
  }

  private failed(error: Failure): void {
    if (this.at !== 'text') {
      if (isWhole(error.response)) {
        const phase = phases[error.command ?? ''] ?? 'sender';
        return this.settle({ state: 'answered', phase, reply: error.response });
      }
      return this.settle({ state: 'not_written', code: 'connect_failed' });
    }
    // Anything else than the reply to the final dot says nothing about the message: a torn line, an unasked reply.
    if (error.code !== 'EMESSAGE') return this.settle({ state: 'lost', code: 'connection_lost' });
    return this.settle(
      isWhole(error.response)
        ? { state: 'answered', phase: 'message', reply: error.response }
        : { state: 'unreadable' },
    );
  }

  private settle(exchange: SmtpExchange): void {
    if (this.settled) return;
    this.settled = true;
    clearTimeout(this.timer);
    this.withdraw();
    if (exchange.state === 'accepted') this.line?.giveBack();
    else this.line?.drop();
    this.resolve(exchange);
  }
}

const isWhole = (reply: string | undefined): reply is string => /^[2-5]\d\d(?:[ -]|$)/.test(reply ?? '');
