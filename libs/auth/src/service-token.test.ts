// Risk: a call that no service made, or that was made for something else, is believed.
import { sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Principal, ServiceName } from '@caio/contracts';
import { createManualClock } from '@caio/test-kit';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { importJWK, jwtVerify, SignJWT } from 'jose';
import { digestOf } from './digest.ts';
import {
  formatServicePublicKeys,
  generateServiceKeyPair,
  parseServicePrivateKey,
  parseServicePublicKeys,
} from './service-keys.ts';
import type { ServicePublicKeys } from './service-keys.ts';
import { createServiceTokenSigner, createServiceTokenVerifier } from './service-token.ts';
import type { ServiceCall, ServiceTokenSigner, ServiceTokenVerifier } from './service-token.ts';

const pairs = { gateway: generateServiceKeyPair(), scheduler: generateServiceKeyPair() };
const privateKeyOf = (value: string): KeyObject => {
  const parsed = parseServicePrivateKey(value);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
};
const publicKeysOf = (value: string): ServicePublicKeys => {
  const parsed = parseServicePublicKeys(value);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
};
const publicKeys = publicKeysOf(
  formatServicePublicKeys({ gateway: pairs.gateway.publicKey, scheduler: pairs.scheduler.publicKey }),
);
const gatewayKey = privateKeyOf(pairs.gateway.privateKey);

const user: Principal = { name: 'dashboard', permissions: ['read', 'batches:approve'] };
const call: ServiceCall = {
  audience: 'gatekeeper',
  method: 'POST',
  path: '/api/batches?dryRun=true',
  bodyDigest: digestOf('{}'),
  correlationId: 'cor-12345678',
  user,
};
const request = { method: 'POST', path: '/api/batches?dryRun=true' };

let clock = createManualClock();
let gateway: ServiceTokenSigner;
let scheduler: ServiceTokenSigner;
let gatekeeper: ServiceTokenVerifier;
beforeEach(() => {
  clock = createManualClock();
  gateway = createServiceTokenSigner({ service: 'gateway', privateKey: gatewayKey, now: clock.nowMs });
  scheduler = createServiceTokenSigner({
    service: 'scheduler',
    privateKey: privateKeyOf(pairs.scheduler.privateKey),
    now: clock.nowMs,
  });
  gatekeeper = createServiceTokenVerifier({ service: 'gatekeeper', publicKeys, now: clock.nowMs });
});

const claims = (overrides: Record<string, unknown> = {}): Record<string, unknown> => {
  const seconds = Math.floor(clock.nowMs() / 1_000);
  return {
    iss: 'gateway',
    aud: 'gatekeeper',
    iat: seconds,
    exp: seconds + 15,
    htm: 'POST',
    htu: request.path,
    bdg: null,
    cid: 'cor-12345678',
    ...overrides,
  };
};
const forge = (header: Record<string, unknown>, payload: unknown, key: KeyObject = gatewayKey): string => {
  const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const content = `${part(header)}.${part(payload)}`;
  return `${content}.${sign(null, Buffer.from(content), key).toString('base64url')}`;
};
const honest = { alg: 'EdDSA', kid: 'gateway' };

test('a call comes out as it was signed, with its user, digest and correlation id', async () => {
  expect(await gatekeeper.verify(gateway.sign(call), request)).toEqual({
    ok: true,
    caller: {
      ...{ service: 'gateway', user, correlationId: 'cor-12345678', bodyDigest: digestOf('{}') },
      tokenId: expect.stringMatching(/^[\w-]{22}$/),
    },
  });
});

test('a service may call for itself, without a user or a body', async () => {
  const token = scheduler.sign({
    audience: 'gatekeeper',
    method: 'GET',
    path: '/internal/halt',
    bodyDigest: null,
    correlationId: 'cor-12345678',
  });
  expect(await gatekeeper.verify(token, { method: 'GET', path: '/internal/halt' })).toEqual({
    ok: true,
    caller: {
      ...{ service: 'scheduler', user: null, correlationId: 'cor-12345678', bodyDigest: null },
      tokenId: expect.any(String),
    },
  });
});

test('our signing is plain JOSE: another implementation verifies it, and we verify what it signs', async () => {
  const theirs = await jwtVerify(gateway.sign(call), await importJWK(pairs.gateway.publicKey, 'EdDSA'), {
    audience: 'gatekeeper',
    issuer: 'gateway',
    currentDate: new Date(clock.nowMs()),
  });
  expect(theirs.payload).toMatchObject({ htm: 'POST', htu: request.path, usr: user });
  const token = await new SignJWT(claims()).setProtectedHeader(honest).sign(gatewayKey);
  expect(await gatekeeper.verify(token, request)).toMatchObject({ ok: true });
});

test('two calls that are the same have tokens that can be told apart', async () => {
  const idOf = async (token: string): Promise<string | null> => {
    const verdict = await gatekeeper.verify(token, request);
    return verdict.ok ? verdict.caller.tokenId : 'refused';
  };
  const [one, other] = [gateway.sign(call), gateway.sign(call)];
  expect(await idOf(one)).not.toBe(await idOf(other));
  expect(await idOf(one)).toBe(await idOf(one));
});

describe('a token is refused by name', () => {
  const refusalOf = async (token: string, asked: typeof request = request): Promise<string> => {
    const verdict = await gatekeeper.verify(token, asked);
    return verdict.ok ? 'accepted' : verdict.code;
  };

  test.each([
    ['another method', { method: 'DELETE', path: request.path }, 'method_mismatch'],
    ['another path', { method: 'POST', path: '/api/batches/1' }, 'path_mismatch'],
    ['another query', { method: 'POST', path: '/api/batches?dryRun=false' }, 'path_mismatch'],
    ['no query', { method: 'POST', path: '/api/batches' }, 'path_mismatch'],
    ['a longer path', { method: 'POST', path: `${request.path}&x=1` }, 'path_mismatch'],
    ['the method in small letters', { method: 'post', path: request.path }, 'method_mismatch'],
  ])('%s', async (_name, asked, code) => {
    expect(await refusalOf(gateway.sign(call), asked)).toBe(code);
  });

  test('another audience', async () => {
    expect(await refusalOf(gateway.sign({ ...call, audience: 'scheduler' }))).toBe('audience_mismatch');
  });

  test('a user that anyone but the gateway asserts', async () => {
    expect(await refusalOf(scheduler.sign(call))).toBe('user_not_allowed');
  });

  test('a token past its life, with two seconds of leeway', async () => {
    const token = gateway.sign(call);
    clock.advance(16_500);
    expect(await refusalOf(token)).toBe('accepted');
    clock.advance(1_000);
    expect(await refusalOf(token)).toBe('token_expired');
  });

  test('a token from a clock that runs ahead, with two seconds of leeway', async () => {
    const seconds = Math.floor(clock.nowMs() / 1_000);
    expect(await refusalOf(forge(honest, claims({ iat: seconds + 2, exp: seconds + 17 })))).toBe('accepted');
    expect(await refusalOf(forge(honest, claims({ iat: seconds + 3, exp: seconds + 18 })))).toBe(
      'token_not_yet_valid',
    );
  });

  test('a life longer than allowed, even when signed by the right key', async () => {
    const seconds = Math.floor(clock.nowMs() / 1_000);
    expect(await refusalOf(forge(honest, claims({ exp: seconds + 3_600 })))).toBe('lifetime_too_long');
  });

  test.each([
    ['no algorithm', { alg: 'none', kid: 'gateway' }, 'algorithm_not_allowed'],
    ['a symmetric algorithm', { alg: 'HS256', kid: 'gateway' }, 'algorithm_not_allowed'],
    ['an unknown issuer', { alg: 'EdDSA', kid: 'dashboard' }, 'issuer_unknown'],
    ['no issuer', { alg: 'EdDSA' }, 'issuer_unknown'],
    ['a service without a key', { alg: 'EdDSA', kid: 'webhooks' }, 'issuer_unknown'],
    ['the name of a built-in', { alg: 'EdDSA', kid: '__proto__' }, 'issuer_unknown'],
    ['a critical extension', { ...honest, crit: ['b64'], b64: false }, 'token_malformed'],
  ])('%s', async (_name, header, code) => {
    expect(await refusalOf(forge(header, claims()))).toBe(code);
  });

  test('a key of another service under the name of the gateway', async () => {
    const schedulerKey = privateKeyOf(pairs.scheduler.privateKey);
    expect(await refusalOf(forge(honest, claims(), schedulerKey))).toBe('signature_invalid');
  });

  test('an issuer in the claims that is not the one whose key was used', async () => {
    expect(await refusalOf(forge(honest, claims({ iss: 'scheduler' })))).toBe('claims_invalid');
  });

  test.each([
    ['a missing method', { htm: undefined }],
    ['a correlation id with a line break', { cid: 'cor-1234\n5678' }],
    ['a digest in another form', { bdg: 'e3b0c442' }],
    ['a user with an invented permission', { usr: { name: 'x', permissions: ['everything'] } }],
    ['no expiry', { exp: undefined }],
  ])('%s', async (_name, overrides) => {
    expect(await refusalOf(forge(honest, claims(overrides)))).toBe('claims_invalid');
  });

  test.each([
    ['nothing', ''],
    ['words', 'not a token'],
    ['two parts', 'a.b'],
    ['too much', 'a'.repeat(10_000)],
  ])('%s', async (_name, token) => {
    expect(await refusalOf(token)).toBe('token_malformed');
  });

  test('a single changed character anywhere', async () => {
    const token = gateway.sign(call);
    for (let index = 0; index < token.length; index += 7) {
      const changed = token.slice(0, index) + (token[index] === 'A' ? 'B' : 'A') + token.slice(index + 1);
      expect(await refusalOf(changed)).not.toBe('accepted');
    }
  });
});

test('who may call is the audience’s decision', async () => {
  const may = (allowedIssuers: readonly ServiceName[]) =>
    gatekeeper.verify(gateway.sign(call), { ...request, allowedIssuers });
  expect(await may(['gateway'])).toMatchObject({ ok: true });
  expect(await may(['scheduler'])).toEqual({ ok: false, code: 'issuer_not_allowed' });
  expect(await may([])).toEqual({ ok: false, code: 'issuer_not_allowed' });
});

test('while a key is being rotated, the old and the new one are believed', async () => {
  const next = generateServiceKeyPair();
  const both = publicKeysOf(formatServicePublicKeys({ gateway: [next.publicKey, pairs.gateway.publicKey] }));
  const verifier = createServiceTokenVerifier({ service: 'gatekeeper', publicKeys: both, now: clock.nowMs });
  const renewed = createServiceTokenSigner({
    service: 'gateway',
    privateKey: privateKeyOf(next.privateKey),
    now: clock.nowMs,
  });
  expect(await verifier.verify(gateway.sign(call), request)).toMatchObject({ ok: true });
  expect(await verifier.verify(renewed.sign(call), request)).toMatchObject({ ok: true });
  expect(await gatekeeper.verify(renewed.sign(call), request)).toEqual({
    ok: false,
    code: 'signature_invalid',
  });
});
