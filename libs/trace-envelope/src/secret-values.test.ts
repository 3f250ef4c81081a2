// Risk: a secret or an address inside a text survives, or evidence is cut, or a hostile text stalls the process.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRedactor } from './redactor.ts';

const mark = '***REDACTED***';
const hex64 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

describe('texts are judged by what they contain', () => {
  const redactor = createRedactor();
  test.each([
    ['an address', 'mail jo.doe+news@firm.example today', `mail ${mark} today`],
    ['a percent-encoded address', 'to=jo%40firm.example', `to=${mark}`],
    ['an address with an IDN domain', 'an jörg@bücher.example.', `an ${mark}`],
    ['a person key', 'email:jo@acme.example', `email:${mark}`],
    ['an authorization header', 'Authorization: Bearer abc.def-123456', `Authorization: ${mark}`],
    ['a bearer string', 'sent Bearer abcdefgh12345678', `sent Bearer ${mark}`],
    ['a cookie header', 'cookie: sid=1; theme=dark', `cookie: ${mark}`],
    ['credentials in a URL', 'redis://:s3cr3t@cache.example:6379/0', `redis://${mark}@cache.example:6379/0`],
    ['a percent-encoded password', 'postgres://u:p%40ss@db.example/x', `postgres://${mark}@db.example/x`],
    ['a token in a query', 'GET /api?token=abc&status=pending', `GET /api?token=${mark}&status=pending`],
    ['an API key in a query', '/x?a=1&api_key=zz', `/x?a=1&api_key=${mark}`],
    ['a JWT', 'got eyJhbGciOiJFZERTQSJ9.eyJpc3MiOiJ4In0.c2lnbmF0dXJl', `got ${mark}`],
    ['a vendor key', 'key sk-proj-abc123def456 used', `key ${mark} used`],
    ['a cloud key', 'AKIAIOSFODNN7EXAMPLE', mark],
    ['a webhook secret', 'whsec_MfKQ9r8GKYqrTwjU', mark],
    ['a labelled password', 'password=hunter22 next', `password=${mark} next`],
    ['a labelled secret in JSON text', '{"client_secret":"abcdef"}', `{"client_secret":"${mark}"}`],
    ['an escaped label', '{\\"password\\":\\"hunter22\\"}', `{\\"password\\":\\"${mark}\\"}`],
    ['a long hex value', `k ${hex64}`, `k ${mark}`],
    ['a long base64url value', 'AbC1dEf2GhI3jKl4MnO5pQr6StU7vWx8YzA9', mark],
    ['a secret link', 'https://x.example/u/AbC1dEf2GhI3jKl4MnO5pQr6StU7vWx8', `https://x.example/u/${mark}`],
    ['a phone number', 'call +44 20 7946 0958 now', `call ${mark} now`],
    ['a local phone number', 'call (555) 010-4567', `call ${mark}`],
    ['a card number', 'paid 4111 1111 1111 1111', `paid ${mark}`],
    ['a LinkedIn person', 'https://www.linkedin.com/in/jo-doe-1/', `https://www.linkedin.com/in/${mark}/`],
    ['a LinkedIn key', 'linkedin:jo-doe', `linkedin:${mark}`],
    ['a private key', 'x -----BEGIN PRIVATE KEY-----\nMC4CAQAw\n-----END PRIVATE KEY----- y', `x ${mark} y`],
    ['a private key cut off', '-----BEGIN PRIVATE KEY-----\nMC4CAQAw', mark],
  ])('%s is cut', (_name, text, expected) => {
    expect(redactor.text(text)).toBe(expected);
  });

  test.each([
    ['an instant', '2026-01-05T12:00:00.000Z'],
    ['an id', 'bat_01J9ZKQ8W3N4X5Y6Z7A8B9C0D1'],
    ['a job id', 'act_01J9ZKQ8W3N4X5Y6Z7A8B9C0D1-1'],
    ['a UUID', '550e8400-e29b-41d4-a716-446655440000'],
    ['a named preview hash', `previewHash=${hex64}`],
    ['a named digest in JSON text', `{"contentDigest":"${hex64}"}`],
    ['a content digest header', 'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:'],
    ['an address of a machine', '192.168.100.12:6379'],
    ['epoch milliseconds', '1763623505123'],
    ['a source path', '/srv/app/libs/trace-envelope/src/trace-writer.ts:10:5'],
    ['a long name', 'createServiceTokenVerifierWithAllowedIssuers'],
    ['a queue name', '{caio:test}:drafts'],
    ['plain prose', 'The authors used 512 tokens; the keynote starts at nine.'],
  ])('%s stays', (_name, text) => {
    expect(redactor.text(text)).toBe(text);
  });

  test('cutting twice changes nothing more', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        const once = redactor.text(text);
        expect(redactor.text(once)).toBe(once);
      }),
    );
  });

  test('hostile texts take linear time', () => {
    const started = performance.now();
    for (const unit of [
      'a@',
      'password_',
      '+1(2)',
      'eyJ',
      '1 2 3-',
      'a',
      '/a',
      'Bearer ',
      '://a',
      '?a=',
      '-----BEGIN ',
    ]) {
      redactor.text(unit.repeat(20_000));
    }
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});
