import { createServer, type Server } from 'node:http';
import { Pool } from 'undici';

/** The least a proxy can do: no question who asks, no limit, no record. What belongs to one connection stays there. */
export const createUndiciProxy = (options: { upstreamUrl: string }): Server => {
  const pool = new Pool(options.upstreamUrl, { connections: 64 });
  return createServer((req, res) => {
    const { connection: _, ...headers } = req.headers;
    const method = req.method ?? 'GET';
    const body = method === 'GET' || method === 'HEAD' ? null : req;
    pool
      .stream({ method, path: req.url ?? '/', headers, body }, (answer) => {
        const { connection: _one, 'keep-alive': _two, ...passed } = answer.headers;
        return res.writeHead(answer.statusCode, passed);
      })
      .catch(() => res.destroy());
  });
};
