// Risk: a service acts for somebody else than asked, and an outage or half an answer passes for a whole one.
import { once } from 'node:events';
import { createHash } from 'node:crypto';
import { request, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { problemOf, waitFor } from '@caio/test-kit';
import { startGatewayRig, token, type GatewayRig, type RigOptions } from './testing/gateway-rig.ts';

const reviewerToken = 'tok-reviewer-Hy6Tr2Wq';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('who asks', () => {
  let rig: GatewayRig;
  beforeAll(async () => {
    rig = await startGatewayRig({
      tokens: {
        DASHBOARD_AUTH_TOKEN: token,
        ACCESS_TOKENS: JSON.stringify([
          { name: 'rory.vale', sha256: sha256(reviewerToken), permissions: ['read', 'drafts:review'] },
          { name: 'onlooker', sha256: sha256('tok-onlooker-Kd4Fs8Lp'), permissions: [] },
        ]),
      },
    });
  });
  afterAll(() => rig.close());

  const userOf = async (headers: Record<string, string>) => {
    rig.seen.length = 0;
    expect((await rig.call({ path: '/api/drafts', headers })).status).toBe(200);
    return rig.seen[0]?.user;
  };

  test('is named to the service with exactly the permissions of the credential', async () => {
    expect(await userOf({ 'x-dashboard-token': reviewerToken })).toEqual({
      name: 'rory.vale',
      permissions: ['read', 'drafts:review'],
    });
    expect(await userOf({ authorization: `Bearer tok-onlooker-Kd4Fs8Lp` })).toEqual({
      name: 'onlooker',
      permissions: [],
    });
  });

  test('is the dashboard with every permission under the dashboard’s own token', async () => {
    const user = await userOf({ 'x-dashboard-token': token });
    expect(user?.name).toBe('dashboard');
    expect(user?.permissions).toEqual(expect.arrayContaining(['halt:lift', 'batches:approve']));
  });

  test.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])('%s arrives as what it is', async (method) => {
    rig.seen.length = 0;
    expect((await rig.callIn({ method, path: '/api/halt' })).status).toBe(200);
    expect(rig.seen).toMatchObject([{ method, path: '/api/halt', service: 'gatekeeper' }]);
  });

  test('HEAD has the headers of the answer and no body', async () => {
    const answer = await rig.callIn({ method: 'HEAD', path: '/api/halt' });
    expect([answer.status, answer.text]).toEqual([200, '']);
    expect(Number(answer.headers['content-length'])).toBeGreaterThan(0);
  });

  test.each(['TRACE', 'PROPFIND'])('%s is 405 and reaches nobody', async (method) => {
    rig.seen.length = 0;
    const answer = await rig.callIn({ method, path: '/api/halt' });
    expect([answer.status, problemOf(answer).code]).toEqual([405, 'method_not_allowed']);
    expect(rig.seen).toEqual([]);
  });
});

const withRig = async (options: RigOptions, check: (rig: GatewayRig) => Promise<void>): Promise<void> => {
  const rig = await startGatewayRig(options);
  try {
    await check(rig);
  } finally {
    await rig.close();
  }
};

test('a service that is away is 503 naming the part, without an address, and the others go on', () =>
  withRig({}, async (rig) => {
    await rig.stopService('gatekeeper');
    const answer = await rig.callIn({ path: '/api/drafts' });
    expect([answer.status, problemOf(answer).code]).toEqual([503, 'upstream_unavailable']);
    expect(problemOf(answer).message).toBe('The gatekeeper is not answering.');
    expect(problemOf(answer).details).toMatchObject({ part: 'gatekeeper', arrived: 'no' });
    expect(answer.headers['retry-after']).toBe('2');
    expect(answer.text).not.toMatch(/127\.0\.0\.1|localhost/);
    const change = await rig.callIn({ method: 'POST', path: '/api/halt', body: '{}' });
    expect(problemOf(change).details).toMatchObject({ part: 'gatekeeper', arrived: 'no' });
    expect((await rig.callIn({ path: '/api/pipeline-runs' })).status).toBe(200);
  }));

test('a service that hangs up without a word is 503 naming the part', () =>
  withRig({ services: { gatekeeper: (req) => req.socket.destroy() } }, async (rig) => {
    const answer = await rig.callIn({ path: '/api/drafts' });
    expect([answer.status, problemOf(answer).code]).toEqual([503, 'upstream_unavailable']);
    expect(problemOf(answer).message).toContain('gatekeeper');
  }));

test('a service that does not believe the gateway sends nobody to the login', async () => {
  const disbelieving = (_req: IncomingMessage, res: ServerResponse): void => {
    res.writeHead(401, { 'content-type': 'application/json' }).end('{"error":{"code":"unauthenticated"}}');
  };
  await withRig({ services: { gatekeeper: disbelieving } }, async (rig) => {
    const events = '/api/batches/bat_01TE0000000000000000000001/events';
    for (const call of [
      { path: '/api/drafts' },
      { method: 'POST', path: '/api/halt', body: '{}' },
      { path: events },
    ]) {
      const answer = await rig.callIn(call);
      expect([answer.status, problemOf(answer).details]).toEqual([
        503,
        { part: 'gatekeeper', reason: 'http_401', arrived: 'no' },
      ]);
    }
  });
});

test('a service that hangs is 503 to whoever reads, and what it works on is waited for', async () => {
  const waiting: ServerResponse[] = [];
  const hanging = (req: IncomingMessage, res: ServerResponse): void => {
    if (req.method === 'POST') waiting.push(res);
  };
  await withRig({ services: { gatekeeper: hanging }, readTimeoutMs: 300 }, async (rig) => {
    const working = rig.callIn({ method: 'POST', path: '/api/halt', body: '{}' });
    const answer = await rig.callIn({ path: '/api/drafts' });
    expect([answer.status, problemOf(answer).details]).toEqual([
      503,
      { part: 'gatekeeper', reason: 'UND_ERR_HEADERS_TIMEOUT', arrived: 'no' },
    ]);
    await waitFor(() => waiting.length === 1, { timeoutMs: 5_000, describe: 'the change to arrive' });
    waiting[0]?.end('{}');
    expect((await working).status).toBe(200);
  });
});

describe('a connection that a stopping service closed', () => {
  const closingFirst = (): {
    calls: string[];
    listener: (req: IncomingMessage, res: ServerResponse) => void;
  } => {
    const calls: string[] = [];
    return {
      calls,
      listener: (req, res) => {
        calls.push(req.method ?? '');
        if (calls.length === 1) req.socket.destroy();
        else res.end('{}');
      },
    };
  };

  test.each(['GET', 'HEAD'])('costs a %s nothing: it is asked once more', async (method) => {
    const { calls, listener } = closingFirst();
    await withRig({ services: { gatekeeper: listener } }, async (rig) => {
      expect((await rig.callIn({ method, path: '/api/drafts' })).status).toBe(200);
      expect(calls).toEqual([method, method]);
    });
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
    'is not tried again for a %s, and the answer says that nobody knows whether it was done',
    async (method) => {
      const { calls, listener } = closingFirst();
      await withRig({ services: { gatekeeper: listener } }, async (rig) => {
        const answer = await rig.callIn({ method, path: '/api/halt', body: '{}' });
        expect([answer.status, problemOf(answer).code]).toEqual([503, 'upstream_unavailable']);
        expect(problemOf(answer).details).toMatchObject({ part: 'gatekeeper', arrived: 'unknown' });
        expect(problemOf(answer).message).toContain('nobody knows');
        expect(calls).toEqual([method]);
      });
    },
  );

  test('twice in a row is 503', async () => {
    let calls = 0;
    const gatekeeper = (req: IncomingMessage): void => {
      calls += 1;
      req.socket.destroy();
    };
    await withRig({ services: { gatekeeper } }, async (rig) => {
      expect((await rig.callIn({ path: '/api/drafts' })).status).toBe(503);
      expect(calls).toBe(2);
    });
  });
});

describe('an answer that breaks off midway', () => {
  const cut = (head: (res: ServerResponse) => void) => ({
    services: {
      gatekeeper: (_req: IncomingMessage, res: ServerResponse) => {
        head(res);
        res.write('{"drafts":[', () => res.socket?.destroy());
      },
    },
  });

  test.each([
    ['of an announced length', (res: ServerResponse) => res.writeHead(200, { 'Content-Length': '1000' })],
    ['in chunks', (res: ServerResponse) => res.writeHead(200)],
  ])('%s is a broken answer to the client, never a whole one', (_name, head) =>
    withRig(cut(head), async (rig) => {
      const answer = await rig.callIn({ path: '/api/drafts/link-that-is-a-secret' });
      expect(answer.status).toBe(200);
      expect(answer.whole).toBe(false);
      expect(rig.log()).toContain('broke off');
      expect(rig.log()).not.toContain('link-that-is-a-secret');
    }),
  );
});

test('a client that goes away ends the call behind it, before and after the answer has begun', async () => {
  const began: string[] = [];
  const ended: Promise<unknown>[] = [];
  let startedOne: () => void = () => undefined;
  const gatekeeper = (req: IncomingMessage, res: ServerResponse): void => {
    began.push(req.url ?? '');
    ended.push(once(res, 'close').then(() => expect(res.writableFinished).toBe(false)));
    if (req.url === '/api/audit') res.write('the first of many');
    startedOne();
  };
  await withRig({ services: { gatekeeper } }, async (rig) => {
    const silent = connect({ port: rig.port, host: '127.0.0.1' });
    const started = new Promise<void>((resolve) => (startedOne = resolve));
    silent.write(`GET /api/drafts HTTP/1.1\r\nHost: door\r\nX-Dashboard-Token: ${token}\r\n\r\n`);
    await started;
    silent.destroy();
    await ended[0];

    const outgoing = request({
      host: '127.0.0.1',
      port: rig.port,
      path: '/api/audit',
      headers: { 'x-dashboard-token': token },
    }).end();
    outgoing.on('error', () => undefined);
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    await once(incoming, 'data');
    incoming.on('error', () => undefined);
    outgoing.destroy();
    await ended[1];
    expect(began).toEqual(['/api/drafts', '/api/audit']);
  });
});

test('an answer that the client does not read is not fetched either', async () => {
  const size = 64 * 1024 * 1024;
  let sent = 0;
  const gatekeeper = (_req: IncomingMessage, res: ServerResponse): void => {
    const chunk = Buffer.alloc(64 * 1024);
    const pump = (): void => {
      while (sent < size) {
        sent += chunk.length;
        if (!res.write(chunk)) return void res.once('drain', pump);
      }
      res.end();
    };
    pump();
  };
  await withRig({ services: { gatekeeper } }, async (rig) => {
    const outgoing = request({
      host: '127.0.0.1',
      port: rig.port,
      path: '/api/drafts',
      headers: { 'x-dashboard-token': token },
    }).end();
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    let before = -1;
    const settled = (): boolean => {
      const isSettled = sent === before;
      before = sent;
      return isSettled;
    };
    await waitFor(settled, { timeoutMs: 10_000, intervalMs: 150, describe: 'the answer to stop growing' });
    expect(sent).toBeLessThan(size / 2);
    let received = 0;
    incoming.on('data', (chunk: Buffer) => (received += chunk.length));
    await once(incoming, 'end');
    expect(received).toBe(size);
  });
});
