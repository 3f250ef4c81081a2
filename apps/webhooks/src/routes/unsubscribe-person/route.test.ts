// Risk: somebody who wants no more messages is told "done" and written to again, or is unsubscribed by a mail scanner.
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createUnsubscribeTokens } from '@caio/auth';
import { freePort, type HttpAnswer, type RedisServer, startRedis, waitFor } from '@caio/test-kit';
import { formerSecret, secret, startWebhooksRig, type WebhooksRig } from '../../testing/webhooks-rig.ts';

const person = 'email:jo.fields@meadow.example';
const tokens = createUnsubscribeTokens({ secrets: [secret] });
const link = `/u/${tokens.issue(person)}`;

let server: RedisServer;
let rig: WebhooksRig;
let tests = 0;
beforeAll(async () => {
  server = await startRedis();
});
beforeEach(async () => {
  tests += 1;
  rig = await startWebhooksRig({ redisUrl: server.url, environment: `test-unsubscribe-${tests}` });
  await rig.ready();
});
afterEach(() => rig.close());
afterAll(() => server.stop());

const post = (
  path: string,
  body: string | Buffer | readonly Buffer[] = '',
  type?: string,
): Promise<HttpAnswer> =>
  rig.call({
    method: 'POST',
    path,
    body,
    ...(type === undefined ? {} : { headers: { 'content-type': type } }),
  });

describe('looking at a link', () => {
  test('shows a page with one button, however often, and changes nothing', async () => {
    for (const method of ['GET', 'HEAD', 'GET']) {
      const answer = await rig.call({ method, path: link });
      expect(answer.status).toBe(200);
      if (method === 'GET') expect(answer.text).toMatch(/<form method="post"><button type="submit">/);
    }
    expect(await rig.waiting()).toBe(0);
    expect(await rig.optedOut()).toBe(0);
  });

  test('a body or another method does not act either', async () => {
    expect((await rig.call({ path: link, body: 'List-Unsubscribe=One-Click' })).status).toBe(200);
    for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS']) await rig.call({ method, path: link });
    expect(await rig.waiting()).toBe(0);
  });
});

describe('pressing the button', () => {
  test('is one job that survives, there before the answer, and says who, from where and when', async () => {
    const answer = await post(link);
    expect([answer.status, answer.text.includes('We will not write to you again')]).toEqual([200, true]);
    expect(await rig.waiting()).toBe(1);
    expect(await rig.optedOut()).toBe(1);
    const [job] = await rig.take();
    expect(job?.signal).toEqual({
      kind: 'unsubscribed',
      personKeys: [person],
      source: 'unsubscribe-link',
      deliveryId: job?.id,
      occurredAt: rig.clock.nowIso(),
      correlationId: answer.headers['x-correlation-id'],
    });
  });

  test('twice, or ten times at once, is one job', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(link)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(await rig.waiting()).toBe(1);
  });

  test('again after it was carried out is still the same one job', async () => {
    await post(link);
    expect(await rig.take()).toHaveLength(1);
    expect((await post(link)).status).toBe(200);
    expect(await rig.waiting()).toBe(0);
  });

  test('on another day is a job again, so that an old one that failed does not swallow the wish', async () => {
    await post(link);
    rig.clock.advance(24 * 3_600_000);
    await post(link);
    const jobs = await rig.take();
    expect(new Set(jobs.map(({ id }) => id)).size).toBe(2);
    expect(new Set(jobs.flatMap(({ signal }) => signal.personKeys))).toEqual(new Set([person]));
  });

  test('two people are two jobs', async () => {
    await post(link);
    await post(`/u/${tokens.issue('linkedin:jo-fields-example')}`);
    expect((await rig.take()).flatMap(({ signal }) => signal.personKeys).sort()).toEqual([
      person,
      'linkedin:jo-fields-example',
    ]);
  });

  test('a link made with the former secret still works', async () => {
    const former = `/u/${createUnsubscribeTokens({ secrets: [formerSecret] }).issue(person)}`;
    expect(former).not.toBe(link);
    expect((await rig.call({ path: former })).status).toBe(200);
    expect((await post(former)).status).toBe(200);
    expect((await rig.take())[0]?.signal.personKeys).toEqual([person]);
  });
});

describe('one-click of a mail program', () => {
  const multipart =
    '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n';
  test.each([
    ['as a form', 'List-Unsubscribe=One-Click', 'application/x-www-form-urlencoded'],
    ['as a multipart form', multipart, 'multipart/form-data; boundary=x'],
    ['without a type', 'List-Unsubscribe=One-Click', undefined],
    [
      'in chunks',
      [Buffer.from('List-Unsubscribe='), Buffer.from('One-Click')],
      'application/x-www-form-urlencoded',
    ],
  ])('%s is one job', async (_name, body, type) => {
    expect((await post(link, body, type)).status).toBe(200);
    expect(await rig.waiting()).toBe(1);
  });

  test.each([
    ['announced', Buffer.alloc(1_000_000)],
    ['in chunks', Array.from({ length: 100 }, () => Buffer.alloc(10_000))],
  ])('a huge body %s is 413 and nobody is unsubscribed by it', async (_name, body) => {
    expect((await post(link, body)).status).toBe(413);
    expect(await rig.waiting()).toBe(0);
  });

  test('a request that breaks off before its end does not count', async () => {
    const outgoing = request({
      ...{ host: '127.0.0.1', port: rig.port, method: 'POST', path: link },
      headers: { 'content-length': '26' },
    });
    outgoing.on('error', () => undefined);
    await new Promise((resolve) => outgoing.write('List-', resolve));
    outgoing.destroy();
    await waitFor(() => rig.log().includes('client_gone'), {
      timeoutMs: 5_000,
      describe: 'the request to end',
    });
    expect(await rig.waiting()).toBe(0);
  });
});

describe('a link that is not one of ours', () => {
  const token = tokens.issue(person);
  const flipped = (at: number): string => {
    const other = token.charAt(at) === 'A' ? 'B' : 'A';
    return token.slice(0, at) + other + token.slice(at + 1);
  };
  const others: [name: string, token: string][] = [
    ['a letter', 'x'],
    ['four letters', 'AAAA'],
    ['one without its last letter', token.slice(0, -1)],
    ['one without its first letter', token.slice(1)],
    ['one with a letter more', `${token}A`],
    ['one with a full stop behind it', `${token}.`],
    ['one with a space behind it', `${token}%20`],
    ['an endless one', 'A'.repeat(3_000)],
    [
      'one of another system',
      createUnsubscribeTokens({ secrets: ['unsubscribe-secret-of-somebody-else'] }).issue(person),
    ],
    ...[0, 1, 5, 20, 40, 60, token.length - 5].map((at): [string, string] => [
      `one whose letter ${at} is another`,
      flipped(at),
    ]),
  ];
  test.each(others)('%s is 404 with a page that says what to do, and no job', async (_name, other) => {
    const shown = await rig.call({ path: `/u/${other}` });
    const pressed = await post(`/u/${other}`, 'List-Unsubscribe=One-Click');
    expect([shown.status, pressed.status]).toEqual([404, 404]);
    expect(shown.text).toContain('reply and say stop');
    expect(shown.text).not.toContain('<form');
    expect(await rig.waiting()).toBe(0);
  });

  test('broken encodings and other paths are refused without a job', async () => {
    expect((await post('/u/%E0%A4%A')).status).toBe(400);
    for (const path of ['/u', '/u/', `/u/${token}/more`])
      expect([path, (await post(path)).status]).toEqual([path, 404]);
    for (const path of ['/', '/signals', '/api/webhooks', '/unsubscribe'])
      expect([path, (await post(path)).status]).toEqual([path, 401]);
    expect(await rig.waiting()).toBe(0);
  });
});

test('every page is kept by nobody, tells nobody where it came from, and can do nothing but post its form', async () => {
  const pages = [
    await rig.call({ path: link }),
    await post(link),
    await rig.call({ path: '/u/unknown' }),
    await post('/u/unknown'),
  ];
  for (const { headers, text } of pages) {
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers).not.toHaveProperty('set-cookie');
    const style = /<style>([^<]*)<\/style>/.exec(text)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(headers['content-security-policy']).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    );
    expect(text).not.toMatch(/<script|src=|href=/);
    expect(text).not.toMatch(/jo\.fields|meadow/);
  }
});

test('neither the link nor the person is written to the log', async () => {
  await rig.call({ path: link });
  await post(link);
  expect(rig.log()).toContain('/u/:token');
  expect(rig.log()).not.toContain(tokens.issue(person));
  expect(rig.log()).not.toContain('jo.fields');
});

describe('without the store', () => {
  const honest = (answer: HttpAnswer): void => {
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('60');
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.text).toContain('could not store your wish');
    expect(answer.text).toContain('<form method="post">');
    expect(answer.text).not.toContain('We will not write to you again');
  };

  test('gone: the page still shows, the wish is refused honestly, and counts once it is back', async () => {
    const own = await startRedis();
    const alone = await startWebhooksRig({ redisUrl: own.url, environment: 'test-gone' });
    try {
      await alone.ready();
      await own.kill9();
      expect((await alone.call({ path: link })).status).toBe(200);
      honest(await alone.call({ method: 'POST', path: link }));
      const ready = await alone.call({ path: '/health/ready' });
      expect([ready.status, ready.text.includes('"redis"')]).toEqual([503, true]);
      expect((await alone.call({ path: '/health/live' })).status).toBe(200);
      expect(alone.log()).toContain('could not be stored');
      expect(alone.log()).not.toContain(tokens.issue(person));
      expect(alone.log()).not.toContain('jo.fields');

      await own.restart();
      await alone.ready();
      expect((await alone.call({ method: 'POST', path: link })).status).toBe(200);
      expect(await alone.waiting()).toBe(1);
    } finally {
      await alone.close();
      await own.stop();
    }
  });

  test('never there since the start: refused in bounded time instead of waiting for ever', async () => {
    const port = await freePort();
    const alone = await startWebhooksRig({
      redisUrl: `redis://127.0.0.1:${port}`,
      environment: 'test-never',
    });
    let late: RedisServer | null = null;
    try {
      expect((await alone.call({ path: link })).status).toBe(200);
      honest(await alone.call({ method: 'POST', path: link }));
      late = await startRedis({ port });
      await alone.ready();
      expect((await alone.call({ method: 'POST', path: link })).status).toBe(200);
      expect(await alone.waiting()).toBe(1);
    } finally {
      await alone.close();
      await late?.stop();
    }
  });

  test('that hangs: nobody is told "done" before it is', async () => {
    const own = await startRedis();
    const alone = await startWebhooksRig({ redisUrl: own.url, environment: 'test-hangs' });
    try {
      await alone.ready();
      await alone.call({ method: 'POST', path: `/u/${tokens.issue('email:first@meadow.example')}` });
      process.kill(own.pid(), 'SIGSTOP');
      honest(await alone.call({ method: 'POST', path: link }));
    } finally {
      process.kill(own.pid(), 'SIGCONT');
      await alone.close();
      await own.stop();
    }
  });
});
