// Risk: a secret or a person's data reaches a trace or a log line, or redaction itself breaks a request.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRedactor } from './redactor.ts';

const mark = '***REDACTED***';
const hex64 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

describe('fields are judged by the words of their names', () => {
  const redactor = createRedactor();
  test.each([
    'authorization',
    'Authorization',
    'x-api-key',
    'X_API_KEY',
    'apiKey',
    'private_key',
    'signingKey',
    'credential',
    'cookie',
    'set-cookie',
    'clientSecret',
    'DASHBOARD_AUTH_TOKEN',
    'accessToken',
    'refresh_tokens',
    'userPassword',
    'email',
    'recipientEmail',
    'phone_number',
    'subject',
    'body',
    'firstName',
    'sessionId',
  ])('%s is cut whole, whatever it holds', (name) => {
    expect(redactor.redact({ [name]: 'plain' })).toEqual({ [name]: mark });
    expect(redactor.redact({ [name]: { nested: ['plain'] } })).toEqual({ [name]: mark });
    expect(redactor.redact({ [name]: 123456 })).toEqual({ [name]: mark });
  });

  test.each([
    'author',
    'authority',
    'auth_status',
    'authMethod',
    'tokens_used',
    'max_tokens',
    'tokenCount',
    'emailStatus',
    'bodyBytes',
    'keyCount',
    'monkey',
    'secretary',
    'somebody',
  ])('%s is no secret', (name) => {
    expect(redactor.redact({ [name]: 'plain' })).toEqual({ [name]: 'plain' });
  });

  test('a missing or switched secret shows as such', () => {
    expect(redactor.redact({ token: null, password: true, secret: undefined })).toEqual({
      token: null,
      password: true,
    });
  });

  test('a digest stays under a digest name and only there', () => {
    expect(redactor.redact({ previewHash: hex64, value: hex64, contentDigest: 'jo@x.example' })).toEqual({
      previewHash: hex64,
      value: mark,
      contentDigest: mark,
    });
  });

  test('names that are personal themselves are cut too', () => {
    expect(redactor.redact({ counts: { 'jo@firm.example': 3 } })).toEqual({ counts: { [mark]: 3 } });
  });
});

describe('any structure comes out as plain, bounded JSON', () => {
  const redactor = createRedactor();

  test('nested lists, maps, sets and errors are searched', () => {
    const error = Object.assign(
      new Error('no answer from jo@firm.example', { cause: new Error('Bearer abcdefgh1') }),
      {
        code: 'ECONNREFUSED',
        body: 'Dear Ines Holm',
      },
    );
    expect(
      redactor.redact({
        list: [[{ token: 'x', note: 'jo@firm.example' }]],
        map: new Map<unknown, unknown>([
          ['password', 'x'],
          ['jo@firm.example', 1],
        ]),
        set: new Set(['jo@firm.example']),
        error,
      }),
    ).toEqual({
      list: [[{ token: mark, note: mark }]],
      map: { password: mark, [mark]: 1 },
      set: [mark],
      error: {
        name: 'Error',
        message: `no answer from ${mark}`,
        cause: { name: 'Error', message: `Bearer ${mark}` },
        code: 'ECONNREFUSED',
      },
    });
  });

  test('an error, and whatever it gives as its cause, says its allow-listed fields and nothing else', () => {
    const cause = {
      message: 'refused',
      statusCode: 422,
      request: { body: 'Dear Ines Holm' },
      cause: { code: { text: 'Dear Ines Holm' }, response: 'Dear Ines Holm' },
    };
    const error = Object.assign(new Error('no answer', { cause }), {
      ...{ errno: -111, syscall: 'connect', address: '127.0.0.1', port: 6379, status: 503 },
      ...{ command: { name: 'set', args: ['Dear Ines Holm'] }, args: ['Dear Ines Holm'] },
      ...{ previousErrors: ['Dear Ines Holm'], lastNodeError: new Error('Dear Ines Holm') },
      ...{ response: cause, request: cause, body: 'Dear Ines Holm', note: 'Dear Ines Holm' },
    });
    expect(redactor.redact({ error })).toEqual({
      error: {
        ...{ name: 'Error', message: 'no answer', status: 503 },
        ...{ errno: -111, syscall: 'connect', address: '127.0.0.1', port: 6379 },
        cause: { message: 'refused', statusCode: 422, cause: {} },
      },
    });
    const looped = new Error('again');
    looped.cause = looped;
    expect(redactor.redact(looped)).toEqual({ name: 'Error', message: 'again', cause: '[circular]' });
  });

  test('values JSON has no word for are spelled out', () => {
    expect(
      redactor.redact([Number.NaN, Number.POSITIVE_INFINITY, 10n, undefined, new Date(0), new Uint8Array(3)]),
    ).toEqual(['NaN', 'Infinity', '10', null, '1970-01-01T00:00:00.000Z', '[3 bytes]']);
  });

  test('cycles, hostile getters, proxies and toJSON do no harm', () => {
    const cyclic: Record<string, unknown> = { name: 'a' };
    cyclic['self'] = cyclic;
    const hostile = {
      get bad(): string {
        throw new Error('no');
      },
      toJSON: () => ({ password: 'leaked' }),
    };
    const proxy: unknown = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no');
        },
      },
    );
    expect(redactor.redact([cyclic, hostile, proxy])).toEqual([
      { name: 'a', self: '[circular]' },
      { bad: '[unreadable]' },
      '[unreadable]',
    ]);
  });

  test('the same object twice is no cycle', () => {
    const lead = { tier: 'tier_1' };
    expect(redactor.redact([lead, lead])).toEqual([lead, lead]);
  });

  test('a field called __proto__ is data', () => {
    const value: unknown = JSON.parse('{"__proto__":{"polluted":true},"token":"x"}');
    expect(JSON.stringify(redactor.redact(value))).toBe(`{"__proto__":{"polluted":true},"token":"${mark}"}`);
  });

  test('depth and size are bounded', () => {
    let deep: unknown = 'end';
    for (let level = 0; level < 5_000; level += 1) deep = { deep };
    const wide = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, index]));
    const started = performance.now();
    const text = JSON.stringify(redactor.redact([deep, wide, Array.from({ length: 1_000_000 }, () => 1)]));
    expect(performance.now() - started).toBeLessThan(500);
    expect(text).toContain('[too deep]');
    expect(text).toContain('[999950 more]');
    expect(text.length).toBeLessThan(5_000);
  });

  test('anything at all is summarised within the bound, without throwing', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withMap: true, withSet: true, withSparseArray: true }),
        (value) => {
          const summary = redactor.summarise(value);
          expect(summary.length).toBeLessThanOrEqual(514);
          if (summary.length <= 500) JSON.parse(summary);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('a secret planted anywhere in a JSON value is not in the answer', () => {
    const secrets = ['jo.doe@firm.example', 'sk-live-4f9a8b7c6d5e', 'eyJhbGciOiJub25lIn0.eyJhIjoxfQ.x1'];
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 4 }),
        fc.constantFrom(...secrets),
        fc.string(),
        (value, secret, around) => {
          const planted = JSON.stringify(
            redactor.redact({ value, list: [{ note: `${around} ${secret} ${around}` }] }),
          );
          expect(planted).not.toContain(secret);
        },
      ),
    );
  });
});

describe('summaries', () => {
  const redactor = createRedactor();

  test('the first 500 characters are kept and the cut is marked', () => {
    const summary = redactor.summarise('word '.repeat(300));
    expect(summary).toHaveLength(514);
    expect(summary.endsWith('...(truncated)')).toBe(true);
    expect(redactor.summarise({ status: 200 })).toBe('{"status":200}');
    expect(redactor.summarise(undefined)).toBe('null');
  });

  test('a secret on the edge of the bound is not shown in part', () => {
    for (let before = 1_950; before < 2_010; before += 1) {
      const summary = redactor.redact(
        { note: `${'x '.repeat(before / 2)}jo.doe@firm.example` },
        { textMax: 2_000 },
      );
      expect(JSON.stringify(summary)).not.toMatch(/jo\.?d?o?e?@?/);
    }
  });

  test('an error message is cut and shortened', () => {
    const message = redactor.shorten(`no route to jo@firm.example ${'y'.repeat(600)}`);
    expect(message).toHaveLength(514);
    expect(message).not.toContain('jo@');
  });

  test('a pair of surrogates is not torn apart', () => {
    const summary = redactor.shorten(`${'y '.repeat(249)}y😀 and more text`);
    expect(Buffer.from(summary, 'utf8').toString('utf8')).toBe(summary);
  });
});

describe('registered secrets', () => {
  const secret = 'plain words, nothing special';

  test('are cut wherever they appear, in the spellings logs meet them in', () => {
    const redactor = createRedactor({ secrets: [secret] });
    const base64 = Buffer.from(secret).toString('base64');
    expect(redactor.text(`a ${secret} b`)).toBe(`a ${mark} b`);
    expect(redactor.text(`x=${encodeURIComponent(secret)}`)).toBe(`x=${mark}`);
    expect(redactor.text(`Z ${base64}`)).toBe(`Z ${mark}`);
    expect(redactor.redact({ [secret]: [secret], digest: secret })).toEqual({ [mark]: [mark], digest: mark });
    expect(redactor.cutKnown(`{"a":"${secret}"}`)).toBe(`{"a":"${mark}"}`);
  });

  test('are known from the moment they are added, also under names seen before', () => {
    const redactor = createRedactor();
    redactor.redact({ [secret]: 1 });
    expect(redactor.addSecret(secret)).toBe(true);
    expect(redactor.redact({ [secret]: 1 })).toEqual({ [mark]: 1 });
  });

  test('one inside another leaves nothing of the longer one', () => {
    const redactor = createRedactor({ secrets: ['swordfish', 'swordfish-extended'] });
    expect(redactor.text('swordfish-extended')).toBe(mark);
  });

  test('a value too short to be told from ordinary words is refused', () => {
    const redactor = createRedactor();
    expect(redactor.addSecret('dev')).toBe(false);
    expect(redactor.text('develop')).toBe('develop');
  });
});
