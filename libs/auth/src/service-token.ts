import { randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { correlationIdSchema, principalSchema, serviceNameSchema } from '@caio/contracts';
import type { Principal, ServiceName } from '@caio/contracts';
import { decodeProtectedHeader, errors, jwtVerify } from 'jose';
import { z } from 'zod';
import { parseContentDigest } from './digest.ts';
import type { ServicePublicKeys } from './service-keys.ts';

/**
 * Seconds a token lives, and how far the clocks of two services may differ. It is signed right before its call and
 * judged before the body is read, so the life only has to cover a busy process and two clocks.
 */
export const serviceTokenLifeSeconds = 15;
export const serviceTokenLeewaySeconds = 2;

/** The header that carries a service token; `Authorization` stays free for what a provider sends us. */
export const serviceTokenHeader = 'x-service-token';

const tokenMax = 8_192;

const claimsSchema = z.object({
  iss: serviceNameSchema,
  aud: serviceNameSchema,
  iat: z.number().int(),
  exp: z.number().int(),
  htm: z.string(),
  htu: z.string(),
  bdg: z.string().nullable(),
  cid: correlationIdSchema,
  jti: z.string().min(16).max(64).optional(),
  usr: principalSchema.optional(),
});

export interface ServiceCall {
  audience: ServiceName;
  method: string;
  /** Path with query, exactly as it is put on the request line. */
  path: string;
  /** `digestOf(body)`, or null for a call without a body. */
  bodyDigest: string | null;
  correlationId: string;
  /** Who asked, when a person or a program did. Only the gateway may say so. */
  user?: Principal;
}

export interface Caller {
  service: ServiceName;
  user: Principal | null;
  correlationId: string;
  bodyDigest: string | null;
  /** Another one for each call, so that a receiver can take a command once; null from a signer that gives none. */
  tokenId: string | null;
}

export type ServiceTokenRefusal =
  | 'token_malformed'
  | 'algorithm_not_allowed'
  | 'issuer_unknown'
  | 'issuer_not_allowed'
  | 'signature_invalid'
  | 'claims_invalid'
  | 'audience_mismatch'
  | 'token_expired'
  | 'token_not_yet_valid'
  | 'lifetime_too_long'
  | 'method_mismatch'
  | 'path_mismatch'
  | 'user_not_allowed';

export type ServiceTokenVerdict = { ok: true; caller: Caller } | { ok: false; code: ServiceTokenRefusal };

export interface ServiceTokenSigner {
  readonly service: ServiceName;
  sign(call: ServiceCall): string;
}

export interface ServiceTokenVerifier {
  readonly service: ServiceName;
  verify(
    token: string,
    request: { method: string; path: string; allowedIssuers?: readonly ServiceName[] },
  ): Promise<ServiceTokenVerdict>;
}

/**
 * Signs one call to one service. The compact JWS is put together here rather than by jose because the gateway
 * signs every proxied request and this costs a third; a test holds it against jose's own verification.
 * `now` is epoch milliseconds.
 */
export const createServiceTokenSigner = (options: {
  service: ServiceName;
  privateKey: KeyObject;
  now: () => number;
  newTokenId?: () => string;
}): ServiceTokenSigner => {
  const newTokenId = options.newTokenId ?? (() => randomBytes(16).toString('base64url'));
  const header = Buffer.from(
    JSON.stringify({ alg: 'EdDSA', typ: 'JWT', kid: options.service }),
    'utf8',
  ).toString('base64url');
  return {
    service: options.service,
    sign: (call) => {
      const issuedAt = Math.floor(options.now() / 1_000);
      const claims: z.input<typeof claimsSchema> = {
        iss: options.service,
        aud: call.audience,
        iat: issuedAt,
        exp: issuedAt + serviceTokenLifeSeconds,
        htm: call.method,
        htu: call.path,
        bdg: call.bodyDigest,
        cid: call.correlationId,
        jti: newTokenId(),
        ...(call.user === undefined
          ? {}
          : { usr: { name: call.user.name, permissions: call.user.permissions } }),
      };
      const content = `${header}.${Buffer.from(JSON.stringify(claims), 'utf8').toString('base64url')}`;
      return `${content}.${sign(null, Buffer.from(content, 'ascii'), options.privateKey).toString('base64url')}`;
    },
  };
};

const refuse = (code: ServiceTokenRefusal): ServiceTokenVerdict => ({ ok: false, code });

const refusalOf = (error: unknown): ServiceTokenRefusal => {
  if (error instanceof errors.JWTExpired) return 'token_expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'aud') return 'audience_mismatch';
    if (error.claim === 'iat' || error.claim === 'nbf') return 'token_not_yet_valid';
    return 'claims_invalid';
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'signature_invalid';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'algorithm_not_allowed';
  return 'token_malformed';
};

/**
 * Verifies that a token was made by a known service, for this service, for exactly this method and path, not
 * longer ago than it may live. The body digest is handed back for whoever reads the body to compare.
 */
export const createServiceTokenVerifier = (options: {
  service: ServiceName;
  publicKeys: ServicePublicKeys;
  now: () => number;
}): ServiceTokenVerifier => {
  const keysOf = (
    token: string,
  ): { issuer: ServiceName; keys: readonly KeyObject[] } | ServiceTokenRefusal => {
    let header;
    try {
      header = decodeProtectedHeader(token);
    } catch {
      return 'token_malformed';
    }
    const issuer = serviceNameSchema.safeParse(header.kid);
    const keys = issuer.success ? options.publicKeys.get(issuer.data) : undefined;
    return issuer.success && keys !== undefined ? { issuer: issuer.data, keys } : 'issuer_unknown';
  };

  const readClaims = async (
    token: string,
    issuer: ServiceName,
    keys: readonly KeyObject[],
  ): Promise<{ payload: unknown } | ServiceTokenRefusal> => {
    let refusal: ServiceTokenRefusal = 'signature_invalid';
    for (const key of keys) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: ['EdDSA'],
          issuer,
          audience: options.service,
          clockTolerance: serviceTokenLeewaySeconds,
          currentDate: new Date(options.now()),
          maxTokenAge: serviceTokenLifeSeconds,
          requiredClaims: ['exp', 'iat'],
        });
        return { payload };
      } catch (error) {
        refusal = refusalOf(error);
        if (refusal !== 'signature_invalid') return refusal;
      }
    }
    return refusal;
  };

  return {
    service: options.service,
    verify: async (token, request) => {
      if (token.length > tokenMax) return refuse('token_malformed');
      const known = keysOf(token);
      if (typeof known === 'string') return refuse(known);
      if (request.allowedIssuers !== undefined && !request.allowedIssuers.includes(known.issuer)) {
        return refuse('issuer_not_allowed');
      }
      const read = await readClaims(token, known.issuer, known.keys);
      if (typeof read === 'string') return refuse(read);
      const parsed = claimsSchema.safeParse(read.payload);
      if (!parsed.success) return refuse('claims_invalid');
      const claims = parsed.data;
      if (claims.exp - claims.iat > serviceTokenLifeSeconds) return refuse('lifetime_too_long');
      if (claims.bdg !== null && parseContentDigest(claims.bdg) !== claims.bdg)
        return refuse('claims_invalid');
      if (claims.htm !== request.method) return refuse('method_mismatch');
      if (claims.htu !== request.path) return refuse('path_mismatch');
      if (claims.usr !== undefined && claims.iss !== 'gateway') return refuse('user_not_allowed');
      return {
        ok: true,
        caller: {
          service: claims.iss,
          user: claims.usr ?? null,
          correlationId: claims.cid,
          bodyDigest: claims.bdg,
          tokenId: claims.jti ?? null,
        },
      };
    },
  };
};
