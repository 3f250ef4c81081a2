import { createServer, type Server } from 'node:http';

/** Where the upstream says what reached it; asking does not count. */
export const upstreamCountsPath = '/counts';

const answerBytes = 2_048;
const frame = Buffer.byteLength(JSON.stringify({ drafts: '' }));

/** What the upstream answers to everything else: JSON of two kilobytes. */
export const upstreamAnswer = JSON.stringify({ drafts: 'x'.repeat(answerBytes - frame) });

/** The smallest service there can be behind a door. It counts the requests and connections that reach it. */
export const createUpstream = (): Server => {
  let requests = 0;
  let connections = 0;
  const answer = Buffer.from(upstreamAnswer, 'utf8');
  const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': answer.length };
  const server = createServer((req, res) => {
    if (req.url === upstreamCountsPath) return void res.end(JSON.stringify({ requests, connections }));
    requests += 1;
    req.resume();
    res.writeHead(200, headers).end(answer);
  });
  server.on('connection', () => (connections += 1));
  return server;
};
