// Risk: a service starts with a key that is none, or the message about it prints the key.
import { describe, expect, test } from '@jest/globals';
import { generateServiceKeyPair, parseServicePrivateKey, parseServicePublicKeys } from './service-keys.ts';

const pair = generateServiceKeyPair();
const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const decoded: { kty: string; crv: string; x: string; d: string } = JSON.parse(
  Buffer.from(pair.privateKey, 'base64url').toString('utf8'),
);

test('a generated pair is read back', () => {
  expect(parseServicePrivateKey(pair.privateKey)).toMatchObject({ ok: true });
  const parsed = parseServicePublicKeys(
    JSON.stringify({ gateway: pair.publicKey, webhooks: [pair.publicKey] }),
  );
  expect(parsed.ok && [...parsed.value.keys()]).toEqual(['gateway', 'webhooks']);
  expect(Object.keys(pair.publicKey).sort()).toEqual(['crv', 'kty', 'x']);
});

describe('a wrong private key is named without being shown', () => {
  test.each([
    ['quotes', `"${pair.privateKey}"`, /base64url/],
    ['not JSON', Buffer.from('hello there').toString('base64url'), /JSON Web Key/],
    ['another curve', encode({ ...decoded, crv: 'X25519' }), /Ed25519/],
    ['a public key', encode(pair.publicKey), /private key/],
    ['a short scalar', encode({ ...decoded, d: decoded.d.slice(1) }), /private key/],
    [
      'halves of two keys',
      encode({ ...decoded, x: generateServiceKeyPair().publicKey.x }),
      /does not belong/,
    ],
  ])('%s', (_name, value, problem) => {
    const parsed = parseServicePrivateKey(value);
    expect(parsed).toEqual({ ok: false, problem: expect.stringMatching(problem) });
    expect(JSON.stringify(parsed)).not.toContain(decoded.d.slice(0, 8));
  });
});

describe('wrong public keys are named', () => {
  test.each([
    ['not JSON', '{gateway}', /JSON/],
    ['an unknown service', JSON.stringify({ dashboard: pair.publicKey }), /service name/],
    ['a private key among them', JSON.stringify({ gateway: { ...decoded, x: 'short' } }), /public Ed25519/],
    ['no service', '{}', /no service/],
    ['an empty list', JSON.stringify({ gateway: [] }), /public Ed25519/],
  ])('%s', (_name, value, problem) => {
    const parsed = parseServicePublicKeys(value);
    expect(parsed).toEqual({ ok: false, problem: expect.stringMatching(problem) });
    expect(JSON.stringify(parsed)).not.toContain(decoded.d.slice(0, 8));
  });
});
