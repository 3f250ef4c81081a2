export { digestOf, digestsMatch, formatDigest, parseContentDigest, secretsMatch } from './digest.ts';
export {
  formatServicePublicKeys,
  generateServiceKeyPair,
  parseServicePrivateKey,
  parseServicePublicKeys,
  publicJwkSchema,
} from './service-keys.ts';
export type { Parsed, PublicJwk, ServicePublicKeys } from './service-keys.ts';
export {
  createServiceTokenSigner,
  createServiceTokenVerifier,
  serviceTokenHeader,
  serviceTokenLeewaySeconds,
  serviceTokenLifeSeconds,
} from './service-token.ts';
export type {
  Caller,
  ServiceCall,
  ServiceTokenRefusal,
  ServiceTokenSigner,
  ServiceTokenVerdict,
  ServiceTokenVerifier,
} from './service-token.ts';
export {
  accessTokenLengthMin,
  accessTokenOfDigest,
  dashboardPrincipal,
  matchAccessToken,
  parseAccessTokens,
} from './access-tokens.ts';
export type { AccessToken, AccessTokenProblem, AccessTokenVariables } from './access-tokens.ts';
export { createUnsubscribeTokens } from './unsubscribe-token.ts';
export type { UnsubscribeTokens } from './unsubscribe-token.ts';
export { createPseudonymiser } from './pseudonym.ts';
