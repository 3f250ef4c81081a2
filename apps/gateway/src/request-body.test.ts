// Risk: a body arrives other than it was sent, is read without bound, or takes the answer to it down with it.
import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { digestOf } from '@caio/auth';
import { problemOf, waitFor } from '@caio/test-kit';
import { previousToken, startGatewayRig, token, type GatewayRig } from './testing/gateway-rig.ts';

const megabyte = 1024 * 1024;

let rig: GatewayRig;
beforeAll(async () => {
  rig = await startGatewayRig();
});
afterEach(() => {
  rig.seen.length = 0;
});
afterAll(() => rig.close());

const upload = (body: string | Buffer | Buffer[], headers: Record<string, string> = {}) =>
  rig.callIn({
    method: 'POST',
    path: '/api/pipeline-runs?fileName=a.csv',
    headers: { 'content-type': 'application/octet-stream', ...headers },
    body,
  });

describe('bodies that are begun and not sent', () => {
  const begin = (bytes: number): Promise<Socket> =>
    new Promise((begun) => {
      const socket = connect(rig.port, '127.0.0.1', () => {
        socket.write(
          `POST /api/drafts HTTP/1.1\r\nHost: door\r\nX-Dashboard-Token: ${token}\r\nTransfer-Encoding: chunked\r\n\r\n`,
        );
        if (bytes === 0) return begun(socket);
        socket.write(`${bytes.toString(16)}\r\n`);
        socket.write(Buffer.alloc(bytes, 97), () => begun(socket));
      });
      // One that is refused is cut; that is the door's answer, and as good.
      socket.on('error', () => begun(socket));
    });
  const stop = (headers: Record<string, string>) =>
    rig.call({ method: 'POST', path: '/api/halt', headers, body: '{"reason":"x"}' });

  test.each([
    ['many of nothing', 200, 0],
    ['a few large ones', 12, 7 * megabyte],
  ])('%s keep nobody from pressing Stop', async (_name, count, bytes) => {
    const held = await Promise.all(Array.from({ length: count }, () => begin(bytes)));
    try {
      expect((await stop({ 'x-dashboard-token': previousToken })).status).toBe(200);
      expect((await stop({ 'x-dashboard-token': token })).status).toBe(200);
    } finally {
      for (const socket of held) socket.destroy();
    }
  });
});

describe('a body without a digest', () => {
  test('arrives as it was sent, under a digest that the door took of it', async () => {
    expect((await upload('Email\nä@example.org\n')).status).toBe(200);
    expect(rig.seen).toMatchObject([{ body: 'Email\nä@example.org\n', method: 'POST' }]);
  });

  test('in chunks arrives as one', async () => {
    expect((await upload([Buffer.from('Email\n'), Buffer.from('a@example.org')])).status).toBe(200);
    expect(rig.seen).toMatchObject([{ body: 'Email\na@example.org' }]);
  });

  test('empty is no body', async () => {
    expect((await upload('')).status).toBe(200);
    expect(rig.seen).toMatchObject([{ body: '' }]);
  });

  test('at the limit passes; over it, announced or in chunks, the answer says which header is missing', async () => {
    expect((await upload(Buffer.alloc(8 * megabyte, 97))).status).toBe(200);
    expect(rig.seen[0]?.body).toHaveLength(8 * megabyte);
    for (const body of [
      Buffer.alloc(8 * megabyte + 1),
      [Buffer.alloc(5 * megabyte), Buffer.alloc(4 * megabyte)],
    ]) {
      const answer = await upload(body);
      expect([answer.status, problemOf(answer).code]).toEqual([400, 'digest_required']);
      expect(problemOf(answer).fix).toContain('Content-Digest');
    }
    expect(rig.seen).toHaveLength(1);
  });

  test('of a GET is not passed on', async () => {
    expect((await rig.callIn({ path: '/api/drafts', body: 'ignored' })).status).toBe(200);
    expect(rig.seen).toMatchObject([{ body: '' }]);
    expect(rig.seen[0]?.headers).not.toHaveProperty('content-length');
    expect(rig.seen[0]?.headers).not.toHaveProperty('transfer-encoding');
  });

  test('a compressed one keeps saying so, for the service to refuse', async () => {
    await upload('x', { 'content-encoding': 'gzip' });
    expect(rig.seen[0]?.headers['content-encoding']).toBe('gzip');
  });
});

describe('a body with its digest', () => {
  test('far over the limit streams through', async () => {
    const body = Buffer.alloc(20 * megabyte, 98);
    const answer = await upload(body, { 'content-digest': digestOf(body) });
    expect([answer.status, JSON.parse(answer.text).bytes]).toEqual([200, 20 * megabyte]);
  });

  test('in chunks streams through', async () => {
    const parts = [Buffer.from('one,'), Buffer.from('two,'), Buffer.from('three')];
    const answer = await upload(parts, { 'content-digest': digestOf(Buffer.concat(parts)) });
    expect([answer.status, rig.seen[0]?.body]).toEqual([200, 'one,two,three']);
  });

  test('over what anybody takes is 413, in chunks or not', async () => {
    const body = Buffer.alloc(64 * megabyte + 1);
    const digest = { 'content-digest': digestOf('x') };
    const chunks = Array.from({ length: 65 }, (_, index) =>
      body.subarray(index * megabyte, (index + 1) * megabyte),
    );
    for (const sent of [body, chunks]) {
      const answer = await upload(sent, digest);
      expect([answer.status, problemOf(answer).code]).toEqual([413, 'payload_too_large']);
    }
    expect(rig.seen).toEqual([]);
  });

  test('that is another one is refused by the service, small or large', async () => {
    for (const body of [Buffer.from('Email'), Buffer.alloc(9 * megabyte)]) {
      const answer = await upload(body, { 'content-digest': digestOf('something else') });
      expect([answer.status, problemOf(answer).code]).toEqual([400, 'digest_mismatch']);
    }
    expect(rig.seen).toEqual([]);
  });

  test.each(['sha-256', 'sha-256=abc', 'md5=:AAAA:', 'sha-256=:c2hvcnQ=:'])(
    'that reads %s is refused',
    async (digest) => {
      const answer = await upload('Email', { 'content-digest': digest });
      expect([answer.status, problemOf(answer).code]).toEqual([400, 'digest_required']);
      expect(rig.seen).toEqual([]);
    },
  );

  test('of a client that goes away is broken off at the service too', async () => {
    const outgoing = request({
      host: '127.0.0.1',
      port: rig.port,
      method: 'POST',
      path: '/api/pipeline-runs',
      headers: {
        'x-dashboard-token': token,
        'content-digest': digestOf('x'),
        'content-length': String(20 * megabyte),
      },
    });
    outgoing.on('error', () => undefined);
    await new Promise((resolve) => outgoing.write(Buffer.alloc(megabyte), resolve));
    outgoing.destroy();
    await waitFor(async () => (await rig.traces()).includes('client_gone'), {
      timeoutMs: 5_000,
      describe: 'the request to end',
    });
    expect(rig.seen).toEqual([]);
  });
});

describe('an answer that comes before the body was sent', () => {
  /** Announces a length, sends the first bytes and waits for an answer. */
  const beginUpload = async (port: number, length = 20 * megabyte) => {
    const outgoing = request({
      host: '127.0.0.1',
      port,
      method: 'POST',
      path: '/api/pipeline-runs',
      headers: {
        'x-dashboard-token': token,
        'content-digest': digestOf('x'),
        'content-length': String(length),
      },
    });
    outgoing.on('error', () => undefined);
    outgoing.write('first bytes');
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    return { outgoing, status: incoming.statusCode, text: await text(incoming) };
  };

  test('a refusal reaches a client that is still sending, and what it goes on sending is bounded', async () => {
    const early = await startGatewayRig({
      services: { scheduler: (_req, res) => res.writeHead(403).end('no') },
    });
    let received = 0;
    const closed = new Promise<void>((resolve) => {
      early.server.once('connection', (socket: Socket) => {
        socket.once('close', () => {
          received = socket.bytesRead;
          resolve();
        });
      });
    });
    try {
      const { outgoing, ...answer } = await beginUpload(early.port);
      expect(answer).toEqual({ status: 403, text: 'no' });
      for (let sent = 0; sent < 15; sent += 1) outgoing.write(Buffer.alloc(megabyte));
      await closed;
      expect(received).toBeLessThan(8 * megabyte);
    } finally {
      await early.close();
    }
  });

  test('a client that sends the rest all the same keeps its connection', async () => {
    const early = await startGatewayRig({
      services: { scheduler: (_req, res) => res.writeHead(403).end('no') },
    });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    let connections = 0;
    early.server.on('connection', () => (connections += 1));
    const headers = { 'x-dashboard-token': token, 'content-digest': digestOf('x') };
    const post = (length: number) =>
      request({
        ...{ host: '127.0.0.1', port: early.port, agent, method: 'POST', path: '/api/pipeline-runs' },
        headers: { ...headers, 'content-length': String(length) },
      });
    try {
      const first = post(500_000);
      first.write('first bytes');
      const [incoming] = (await once(first, 'response')) as [IncomingMessage];
      await text(incoming);
      first.end(Buffer.alloc(500_000 - 'first bytes'.length));
      const second = post(1);
      second.end('x');
      const [next] = (await once(second, 'response')) as [IncomingMessage];
      await text(next);
      expect([incoming.statusCode, next.statusCode, connections]).toEqual([403, 403, 1]);
    } finally {
      agent.destroy();
      await early.close();
    }
  });

  test('one announced as larger than anybody takes is refused before it is sent', async () => {
    const { outgoing, status, text: said } = await beginUpload(rig.port, 64 * megabyte + 1);
    outgoing.destroy();
    expect(status).toBe(413);
    expect(said).toContain('payload_too_large');
    expect(rig.seen).toEqual([]);
  });

  test('a service that is away is 503 to a client that is still sending', async () => {
    const alone = await startGatewayRig();
    try {
      await alone.stopService('scheduler');
      const { outgoing, status, text: said } = await beginUpload(alone.port);
      outgoing.destroy();
      expect(status).toBe(503);
      expect(said).toContain('upstream_unavailable');
    } finally {
      await alone.close();
    }
  });
});

describe('a link, which anybody can post to', () => {
  test('takes a small form and passes it on', async () => {
    const body = 'List-Unsubscribe=One-Click';
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await rig.call({ method: 'POST', path: '/u/abc', headers, body })).status).toBe(200);
    expect(rig.seen).toMatchObject([{ service: 'webhooks', body, headers, user: null }]);
  });

  test.each([
    ['announced', Buffer.alloc(megabyte), {}],
    ['in chunks', [Buffer.alloc(10_000), Buffer.alloc(10_000)], {}],
    ['with a digest', Buffer.alloc(megabyte), { 'content-digest': digestOf(Buffer.alloc(megabyte)) }],
  ])('a large body %s is 413 and reaches nobody', async (_name, body, headers: Record<string, string>) => {
    const answer = await rig.call({ method: 'POST', path: '/u/abc', headers, body });
    expect([answer.status, problemOf(answer).code]).toEqual([413, 'payload_too_large']);
    expect(rig.seen).toEqual([]);
  });

  test.each(['PUT', 'PATCH', 'DELETE'])('%s is 404', async (method) => {
    expect((await rig.call({ method, path: '/u/abc' })).status).toBe(404);
    expect(rig.seen).toEqual([]);
  });
});
