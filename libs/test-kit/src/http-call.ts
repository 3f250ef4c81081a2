import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { type ErrorEnvelope, errorEnvelopeSchema } from '@caio/contracts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** False when the answer was cut before its end. */
  readonly whole: boolean;
}

export interface HttpCall {
  readonly method?: string;
  /** Put on the request line as it is. */
  readonly path: string;
  /** A list is a header sent several times. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** A list is sent chunked, one element a chunk. */
  readonly body?: string | Buffer | readonly Buffer[];
}

const isWhole = (body: HttpCall['body']): body is string | Buffer =>
  typeof body === 'string' || Buffer.isBuffer(body);

/** Name and value in turn, so that what is sent twice is sent twice. */
const linesOf = (port: number, { headers = {}, body }: HttpCall): string[] => [
  ...['Host', `127.0.0.1:${port}`, 'Connection', 'close'],
  ...(isWhole(body) ? ['Content-Length', String(Buffer.byteLength(body))] : []),
  ...(Array.isArray(body) ? ['Transfer-Encoding', 'chunked'] : []),
  ...Object.entries(headers).flatMap(([name, value]) => [value].flat().flatMap((one) => [name, one])),
];

/** One HTTP request over a connection of its own; resolves with the answer, also with one that was cut. */
export const callHttp = (port: number, call: HttpCall): Promise<HttpAnswer> =>
  new Promise((resolve, reject) => {
    let answered = false;
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        method: call.method ?? 'GET',
        path: call.path,
        headers: linesOf(port, call),
        agent: false,
      },
      (incoming) => {
        answered = true;
        let text = '';
        incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        incoming.on('error', () => undefined);
        incoming.once('close', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            text,
            whole: incoming.complete,
          }),
        );
      },
    );
    // A server that answers before it has read everything may close while we still send.
    outgoing.on('error', (error) => (answered ? undefined : reject(error)));
    const { body } = call;
    if (isWhole(body)) outgoing.end(body);
    else {
      for (const chunk of body ?? []) outgoing.write(chunk);
      outgoing.end();
    }
  });

/** What an answer says went wrong. Throws when it is no error envelope. */
export const problemOf = (answer: HttpAnswer): ErrorEnvelope['error'] =>
  errorEnvelopeSchema.parse(JSON.parse(answer.text)).error;
