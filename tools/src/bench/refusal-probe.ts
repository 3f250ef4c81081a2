import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { CannedAnswer } from '../bench-servers/canned-answers.ts';
import type { LoadRequest } from './load.ts';

const answerMs = 5_000;
const addedByNode = new Set(['date', 'connection', 'keep-alive']);

/** One answer, so that another server can be made to give the same bytes. */
export const captureAnswer = async (url: string, { path, headers }: LoadRequest): Promise<CannedAnswer> => {
  const agent = new Agent({ keepAlive: true });
  try {
    return await new Promise((resolve, reject) => {
      get(`${url}${path}`, { headers, agent }, (answer) => {
        const pairs = answer.rawHeaders.flatMap((name, at) =>
          at % 2 === 0 && !addedByNode.has(name.toLowerCase())
            ? [[name, answer.rawHeaders[at + 1] ?? '']]
            : [],
        );
        text(answer).then(
          (body) => resolve({ status: answer.statusCode ?? 0, rawHeaders: pairs.flat(), body }),
          reject,
        );
      }).once('error', reject);
    });
  } finally {
    agent.destroy();
  }
};

/**
 * The status that a POST gets whose body of a megabyte is announced and never sent: whoever answers did not wait
 * for it. Null when no answer comes.
 */
export const statusWithoutBody = (
  url: string,
  { path, headers }: LoadRequest,
  timeoutMs = answerMs,
): Promise<number | null> => {
  const { hostname, port, host } = new URL(url);
  const lines = Object.entries({ host, 'content-length': '1000000', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () =>
      socket.write(`POST ${path} HTTP/1.1\r\n${lines.join('')}\r\n`),
    );
    socket.setTimeout(timeoutMs, () => {
      socket.destroy();
      resolve(null);
    });
    socket.once('data', (head) => {
      socket.destroy();
      resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(head.toString('latin1'))?.[1] ?? Number.NaN));
    });
    socket.once('error', reject);
  });
};
