import { Pool, type Dispatcher } from 'undici';

export interface ExchangeRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Absolute path with its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** On the exchange's monotonic clock; nothing of the request is written at or after it. */
  readonly writeDeadlineMs?: number;
}

/**
 * What one request came to. `not_written` is proof that no byte left; `lost` means that the request, or part
 * of it, left and its answer did not arrive whole.
 */
export type Exchange =
  | {
      readonly state: 'answered';
      readonly status: number;
      readonly contentType: string;
      readonly retryAfter: string | null;
      readonly text: string;
    }
  | { readonly state: 'not_written'; readonly code: 'deadline_passed' | 'connect_failed' | 'no_connection' }
  | { readonly state: 'lost'; readonly code: 'timeout' | 'connection_lost' | 'answer_too_large' };

export interface HttpExchangeOptions {
  readonly origin: string;
  /** From the call to the whole answer, waiting for a connection included. */
  readonly timeoutMs: number;
  readonly monotonicMs: () => number;
  readonly connections: number;
  readonly answerBytesMax: number;
}

export interface HttpExchange {
  send(request: ExchangeRequest): Promise<Exchange>;
  close(): Promise<void>;
}

/**
 * HTTP over a keep-alive pool, without retries and with one question answered for certain: did anything leave
 * this machine. The deadline is compared inside the callback after which undici writes in the same turn.
 */
export function createHttpExchange(options: HttpExchangeOptions): HttpExchange {
  const pool = new Pool(options.origin, {
    connections: options.connections,
    pipelining: 1,
    connect: { timeout: options.timeoutMs },
    // The timer below covers the whole exchange; undici's own are coarse.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    send: (request) =>
      new Promise((resolve) => {
        const handler = new ExchangeHandler(request, options, resolve);
        pool.dispatch(
          {
            method: request.method,
            path: request.path,
            headers: request.headers,
            body: request.body ?? null,
          },
          handler,
        );
      }),
    close: () => pool.close(),
  };
}

class ExchangeHandler implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | null = null;
  private settled = false;
  private status = 0;
  private contentType = '';
  private retryAfter: string | null = null;
  private readonly chunks: Buffer[] = [];
  private size = 0;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly request: ExchangeRequest,
    private readonly options: HttpExchangeOptions,
    private readonly resolve: (exchange: Exchange) => void,
  ) {
    this.timer = setTimeout(() => {
      const controller = this.controller;
      this.settle(
        controller === null
          ? { state: 'not_written', code: 'no_connection' }
          : { state: 'lost', code: 'timeout' },
      );
      controller?.abort(new Error('the answer took too long'));
    }, options.timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Given up while waiting for a connection, or undici starting over: the request must not be written (again).
    if (this.settled || this.controller !== null) {
      controller.abort(new Error('this request is over'));
      return;
    }
    const { writeDeadlineMs } = this.request;
    if (writeDeadlineMs !== undefined && this.options.monotonicMs() >= writeDeadlineMs) {
      this.settle({ state: 'not_written', code: 'deadline_passed' });
      controller.abort(new Error('the send deadline has passed'));
      return;
    }
    this.controller = controller;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (status < 200) return;
    this.status = status;
    this.contentType = single(headers['content-type']) ?? '';
    this.retryAfter = single(headers['retry-after']);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.size += chunk.length;
    if (this.size <= this.options.answerBytesMax) {
      this.chunks.push(chunk);
      return;
    }
    this.settle({ state: 'lost', code: 'answer_too_large' });
    controller.abort(new Error('the answer is too large'));
  }

  onResponseEnd(): void {
    const { status, contentType, retryAfter } = this;
    const text = Buffer.concat(this.chunks).toString('utf8');
    this.settle({ state: 'answered', status, contentType, retryAfter, text });
  }

  onResponseError(): void {
    this.settle(
      this.controller === null
        ? { state: 'not_written', code: 'connect_failed' }
        : { state: 'lost', code: 'connection_lost' },
    );
  }

  private settle(exchange: Exchange): void {
    if (this.settled) return;
    this.settled = true;
    clearTimeout(this.timer);
    this.resolve(exchange);
  }
}

const single = (value: string | string[] | undefined): string | null =>
  Array.isArray(value) ? (value[0] ?? null) : (value ?? null);
