// Risk: the second public door lets strangers in, lets them take the memory or the time of the system, or changes what Inngest signed.
import { connect } from 'node:net';
import { inngestBytesMax } from '@caio/contracts';
import { problemOf, waitFor } from '@caio/test-kit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type GatewayRig, generousLimits, startGatewayRig, token } from '../../testing/gateway-rig.ts';

const signature = `t=1767225600&s=${'0a'.repeat(32)}`;
const json = { 'content-type': 'application/json' };
const signed = { ...json, 'x-inngest-signature': signature };
const production = { environment: 'production', isLocal: false };

let rig: GatewayRig;
beforeAll(async () => {
  rig = await startGatewayRig({ settings: production });
});
afterEach(() => {
  rig.seen.length = 0;
});
afterAll(() => rig.close());

describe('what Inngest sends', () => {
  // Spaces, an escape and a number that another writer would write otherwise: the signature is over the meaning, ours is not to change.
  const body = '{ "event" : {"name":"\\u00fc"},\r\n"n":1.0 }';

  test.each(['POST', 'PUT'])('by %s arrives at the scheduler as it was sent', async (method) => {
    const headers = {
      ...signed,
      ...{ traceparent: '00-abc-def-01', 'x-request-id': 'req-1', 'user-agent': 'inngest/1' },
      ...{ 'x-inngest-req-version': '2', 'x-inngest-server-kind': 'cloud' },
    };
    const path = '/inngest?fnId=caio-control-plane-pipeline-scan&stepId=step';
    const answer = await rig.call({ method, path, headers, body });
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      200,
      { service: 'scheduler', bytes: body.length },
    ]);
    expect(rig.seen).toMatchObject([
      { ...{ service: 'scheduler', method, path, body, headers }, user: null, issuer: 'gateway' },
    ]);
  });

  test('carries no credential and no name of ours on, nor what a stranger writes about somebody else', async () => {
    const answer = await rig.call({
      method: 'POST',
      path: '/inngest?fnId=x&token=tok-in-the-query',
      headers: {
        ...signed,
        ...{ 'x-dashboard-token': token, authorization: `Bearer ${token}`, cookie: 'caio_session=somebody' },
        ...{
          'x-service-token': 'forged',
          'x-user': 'root',
          'x-forwarded-for': '10.0.0.1',
          forwarded: 'for=x',
        },
        ...{ 'x-case-user': 'root', 'x-inngest-dropped': '1', connection: 'x-inngest-dropped' },
      },
      body,
    });
    expect(answer.status).toBe(200);
    const [seen] = rig.seen;
    expect(seen?.path).toBe('/inngest?fnId=x');
    for (const name of [
      'x-dashboard-token',
      'authorization',
      'cookie',
      'x-user',
      'x-forwarded-for',
      'forwarded',
    ])
      expect([name, seen?.headers[name]]).toEqual([name, undefined]);
    expect(seen?.headers['x-inngest-dropped']).toBeUndefined();
    expect(seen?.headers['x-service-token']).not.toBe('forged');
    expect(JSON.stringify(seen)).not.toContain('tok-');
  });

  test('is asked for no token, and a wrong one beside it does no harm', async () => {
    const headers = { ...signed, 'x-dashboard-token': 'wrong' };
    expect((await rig.call({ method: 'POST', path: '/inngest', headers, body })).status).toBe(200);
  });

  test('of four megabytes is taken, one byte more is not, announced or in chunks', async () => {
    const most = Buffer.alloc(inngestBytesMax, 97);
    const call = { method: 'POST', path: '/inngest', headers: signed };
    expect((await rig.call({ ...call, body: most })).status).toBe(200);
    expect(rig.seen[0]?.body).toHaveLength(inngestBytesMax);
    for (const sent of [Buffer.concat([most, Buffer.from('a')]), [most, Buffer.from('a')]]) {
      const answer = await rig.call({ ...call, body: sent });
      expect([answer.status, problemOf(answer).code]).toEqual([413, 'payload_too_large']);
    }
    expect(rig.seen).toHaveLength(1);
  });
});

test('anybody may ask how it is set up, and gets what the scheduler says with its headers', async () => {
  const state = { mode: 'cloud', function_count: 2, has_event_key: true, has_signing_key: true };
  const asked = await startGatewayRig({
    settings: production,
    services: {
      scheduler: (_req, res) => {
        res.setHeader('Server-Timing', 'total;dur=1');
        res.setHeader('X-Inngest-Framework', 'express');
        res.setHeader('X-Inngest-Signature', 't=1&s=2');
        res.setHeader('Set-Cookie', 'caio_session=planted');
        res.setHeader('X-Powered-By', 'something');
        res.end(JSON.stringify(state));
      },
    },
  });
  try {
    const { status, text, headers } = await asked.call({ path: '/inngest' });
    expect([status, JSON.parse(text)]).toEqual([200, state]);
    expect(headers).toMatchObject({
      ...{
        'server-timing': 'total;dur=1',
        'x-inngest-framework': 'express',
        'x-inngest-signature': 't=1&s=2',
      },
      'x-content-type-options': 'nosniff',
    });
    expect([headers['set-cookie'], headers['x-powered-by']]).toEqual([undefined, undefined]);
  } finally {
    await asked.close();
  }
});

describe('refused at the door', () => {
  test.each(['POST', 'PUT'])('is a %s without a signature, its body unread', async (method) => {
    const status = await new Promise<string>((answered) => {
      const socket = connect({ port: rig.port, host: '127.0.0.1' }, () =>
        socket.write(`${method} /inngest HTTP/1.1\r\nHost: door\r\nContent-Length: 1000000\r\n\r\n{`),
      );
      socket.setEncoding('utf8').once('data', (text: string) => {
        answered(text);
        socket.destroy();
      });
    });
    expect(status).toMatch(/^HTTP\/1\.1 401 [\s\S]*"unauthenticated"/);
    expect(rig.seen).toEqual([]);
  });

  test.each(['HEAD', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE'])(
    'is %s, naming what there is',
    async (method) => {
      const answer = await rig.call({ method, path: '/inngest', headers: signed });
      expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, POST, PUT']);
      expect(rig.seen).toEqual([]);
    },
  );

  test.each([
    '/inngest/',
    '/inngest/x',
    '/INNGEST',
    '/inngest%2f',
    '//inngest',
    '/x/../inngest',
    '/inngestx',
  ])('%s leads nowhere', async (path) => {
    for (const method of ['GET', 'POST', 'PUT'])
      expect([method, (await rig.call({ method, path, headers: signed })).status]).toEqual([method, 404]);
    expect(rig.seen).toEqual([]);
  });

  test('is an address that calls too often, before its body is read, and another is not', async () => {
    const limits = { ...generousLimits, inngest: { takesMax: 3, perSeconds: 60 } };
    const counted = await startGatewayRig({ settings: { ...production, limits, trustedHops: 1 } });
    const call = (from: string, method = 'POST') =>
      counted.call({
        ...{ method, path: '/inngest', headers: { ...signed, 'x-forwarded-for': from } },
        body: '{}',
      });
    try {
      const statuses = [];
      for (let index = 0; index < 5; index += 1) statuses.push((await call('10.0.0.1')).status);
      expect(statuses).toEqual([200, 200, 200, 429, 429]);
      const refused = await call('10.0.0.1', 'GET');
      expect([refused.status, problemOf(refused).code]).toEqual([429, 'too_many_requests']);
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      expect((await call('10.0.0.2')).status).toBe(200);
      expect(counted.seen).toHaveLength(4);
    } finally {
      await counted.close();
    }
  });

  test('is an address that sends large bodies too often, which is costly to find forged', async () => {
    const limits = { ...generousLimits, 'inngest-large': { takesMax: 2, perSeconds: 60 } };
    const counted = await startGatewayRig({ settings: { ...production, limits } });
    const send = async (body: Buffer | Buffer[]): Promise<number> =>
      (await counted.call({ method: 'POST', path: '/inngest', headers: signed, body })).status;
    try {
      const large = Buffer.alloc(300_000, 97);
      expect([await send(large), await send([large]), await send(large)]).toEqual([200, 200, 429]);
      // Without an announced length anything may come.
      expect(await send([Buffer.from('{}')])).toBe(429);
      expect(await send(Buffer.alloc(200_000, 97))).toBe(200);
    } finally {
      await counted.close();
    }
  });

  test('is everybody while the limits cannot be asked', async () => {
    const alone = await startGatewayRig({ settings: production });
    try {
      await alone.redis.stop();
      const answer = await alone.call({ method: 'POST', path: '/inngest', headers: signed, body: '{}' });
      expect([answer.status, problemOf(answer).code]).toEqual([503, 'store_unavailable']);
      expect(alone.seen).toEqual([]);
    } finally {
      await alone.close();
    }
  });

  test('is one of three large bodies that come from one address at once', async () => {
    const said = ['', '', ''];
    const sockets = said.map((_, index) => {
      const socket = connect({ port: rig.port, host: '127.0.0.1' });
      socket.write(
        `POST /inngest HTTP/1.1\r\nHost: door\r\nX-Inngest-Signature: ${signature}\r\nContent-Length: ${inngestBytesMax}\r\n\r\n`,
      );
      socket.write(Buffer.alloc(inngestBytesMax - 1, 97));
      socket.on('error', () => undefined);
      return socket.setEncoding('utf8').on('data', (text: string) => (said[index] += text));
    });
    try {
      await waitFor(() => said.join('').includes('"overloaded"'), {
        timeoutMs: 5_000,
        describe: 'one of them to be refused',
      });
      expect(said.join('')).toMatch(/^HTTP\/1\.1 503 /);
    } finally {
      sockets.forEach((socket) => socket.destroy());
    }
  });
});

describe('a scheduler that is away', () => {
  test.each(['GET', 'POST', 'PUT'])('is 503 to %s, naming the part', async (method) => {
    const alone = await startGatewayRig({ settings: production });
    try {
      await alone.stopService('scheduler');
      const answer = await alone.call({ method, path: '/inngest', headers: signed, body: '{}' });
      expect(answer.status).toBe(503);
      expect(problemOf(answer)).toMatchObject({
        code: 'upstream_unavailable',
        details: { part: 'scheduler' },
      });
    } finally {
      await alone.close();
    }
  });
});

describe('a dev server, which signs nothing', () => {
  const call = (from: GatewayRig, headers: Record<string, string> = {}) =>
    from.call({ method: 'POST', path: '/inngest', headers: { ...json, ...headers }, body: '{}' });

  test('reaches the scheduler of a laptop from that laptop alone', async () => {
    const laptop = await startGatewayRig();
    const behind = await startGatewayRig({ settings: { trustedHops: 1 } });
    try {
      expect((await call(laptop)).status).toBe(200);
      expect((await call(behind, { 'x-forwarded-for': '10.0.0.1' })).status).toBe(401);
      expect((await call(behind, { 'x-forwarded-for': '127.0.0.1' })).status).toBe(401);
      expect(behind.seen).toEqual([]);
    } finally {
      await laptop.close();
      await behind.close();
    }
  });
});
