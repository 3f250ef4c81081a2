import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { serviceNameSchema } from '@caio/contracts';
import type { ServiceName } from '@caio/contracts';
import { z } from 'zod';

const coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

/** The public half of a service's Ed25519 key, as SERVICE_PUBLIC_KEYS carries it. */
export const publicJwkSchema = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: coordinate });
export type PublicJwk = z.infer<typeof publicJwkSchema>;

const privateJwkSchema = publicJwkSchema.extend({ d: coordinate });
const publicKeysSchema = z.partialRecord(
  serviceNameSchema,
  z.union([publicJwkSchema, z.array(publicJwkSchema).min(1).max(3)]),
);

/** Keys by service; a list while a key is being rotated, every key in it is believed. */
export type ServicePublicKeys = ReadonlyMap<ServiceName, readonly KeyObject[]>;

export type Parsed<T> = { ok: true; value: T } | { ok: false; problem: string };

/**
 * Makes a key pair in the forms of the environment: `privateKey` is the value of SERVICE_PRIVATE_KEY,
 * `publicKey` one entry of SERVICE_PUBLIC_KEYS.
 */
export const generateServiceKeyPair = (): { privateKey: string; publicKey: PublicJwk } => {
  const pair = generateKeyPairSync('ed25519');
  const privateJwk = pair.privateKey.export({ format: 'jwk' });
  return {
    privateKey: Buffer.from(JSON.stringify(privateJwk), 'utf8').toString('base64url'),
    publicKey: publicJwkSchema.parse(pair.publicKey.export({ format: 'jwk' })),
  };
};

/** The value of SERVICE_PUBLIC_KEYS for these services. */
export const formatServicePublicKeys = (
  keys: Partial<Record<ServiceName, PublicJwk | readonly PublicJwk[]>>,
): string => JSON.stringify(keys);

const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, which is the secret.
    return undefined;
  }
};

/** Reads SERVICE_PRIVATE_KEY: base64url of an OKP/Ed25519 private JWK. The problem text never contains the value. */
export const parseServicePrivateKey = (value: string): Parsed<KeyObject> => {
  if (!/^[A-Za-z0-9_-]+$/.test(value)) {
    return { ok: false, problem: 'is not base64url (only A–Z, a–z, 0–9, - and _ may occur)' };
  }
  const json = readJson(Buffer.from(value, 'base64url').toString('utf8'));
  if (json === undefined) return { ok: false, problem: 'does not decode to a JSON Web Key' };
  const jwk = privateJwkSchema.safeParse(json);
  if (!jwk.success) {
    return { ok: false, problem: 'is not a private key of kty OKP and crv Ed25519 with x and d' };
  }
  try {
    const key = createPrivateKey({ key: jwk.data, format: 'jwk' });
    if (createPublicKey(key).export({ format: 'jwk' }).x !== jwk.data.x) {
      return { ok: false, problem: 'has a public part (x) that does not belong to its private part (d)' };
    }
    return { ok: true, value: key };
  } catch {
    return { ok: false, problem: 'is not a usable Ed25519 key' };
  }
};

/** Reads SERVICE_PUBLIC_KEYS: a JSON object from service name to public JWK, or to a list of up to three. */
export const parseServicePublicKeys = (value: string): Parsed<ServicePublicKeys> => {
  const json = readJson(value);
  if (json === undefined) return { ok: false, problem: 'is not valid JSON' };
  const parsed = publicKeysSchema.safeParse(json);
  if (!parsed.success) {
    const names = serviceNameSchema.options.join(', ');
    return {
      ok: false,
      problem: `is not an object from service name (${names}) to a public Ed25519 JWK with kty, crv and x`,
    };
  }
  const keys = new Map<ServiceName, readonly KeyObject[]>();
  try {
    for (const name of serviceNameSchema.options) {
      const entry = parsed.data[name];
      if (entry === undefined) continue;
      const jwks = Array.isArray(entry) ? entry : [entry];
      keys.set(
        name,
        jwks.map((jwk) => createPublicKey({ key: jwk, format: 'jwk' })),
      );
    }
  } catch {
    return { ok: false, problem: 'holds a key that is not a usable Ed25519 key' };
  }
  if (keys.size === 0) return { ok: false, problem: 'names no service' };
  return { ok: true, value: keys };
};
