// Risk: someone without a credential gets in, or a mistyped credential silently locks the operator out.
import { createHash } from 'node:crypto';
import { permissionSchema } from '@caio/contracts';
import { describe, expect, test } from '@jest/globals';
import { accessTokenOfDigest, matchAccessToken, parseAccessTokens } from './access-tokens.ts';
import type { AccessToken, AccessTokenVariables } from './access-tokens.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const current = 'current-token-of-the-dashboard';
const previous = 'previous-token-of-the-dashboard';
const agent = 'token-of-a-drafting-agent';

const tokensOf = (env: AccessTokenVariables): readonly AccessToken[] => {
  const parsed = parseAccessTokens(env);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.tokens;
};

test('each credential is its own principal', () => {
  const tokens = tokensOf({
    DASHBOARD_AUTH_TOKEN: current,
    DASHBOARD_AUTH_TOKEN_PREVIOUS: previous,
    ACCESS_TOKENS: JSON.stringify([
      { name: 'drafting-agent', sha256: sha256(agent), permissions: ['read', 'drafts:write'] },
    ]),
  });
  const everything = { name: 'dashboard', permissions: permissionSchema.options };
  expect(matchAccessToken(current, tokens)?.principal).toEqual(everything);
  expect(matchAccessToken(previous, tokens)?.principal).toEqual(everything);
  expect(matchAccessToken(agent, tokens)?.principal).toEqual({
    name: 'drafting-agent',
    permissions: ['read', 'drafts:write'],
  });
});

test('nothing else matches: prefixes, digests, cases, emptiness, other alphabets', () => {
  const tokens = tokensOf({
    DASHBOARD_AUTH_TOKEN: current,
    ACCESS_TOKENS: JSON.stringify([{ name: 'a', sha256: sha256(agent), permissions: [] }]),
  });
  for (const presented of [
    '',
    ' ',
    current.slice(1),
    `${current} `,
    current.toUpperCase(),
    sha256(agent),
    'ü'.repeat(30),
  ]) {
    expect(matchAccessToken(presented, tokens)).toBeNull();
  }
});

test('with no credential configured nothing matches, the empty one least of all', () => {
  for (const env of [{}, { DASHBOARD_AUTH_TOKEN: '', ACCESS_TOKENS: '' }, { ACCESS_TOKENS: '[]' }]) {
    const tokens = tokensOf(env);
    expect(tokens).toEqual([]);
    expect(matchAccessToken('', tokens)).toBeNull();
    expect(matchAccessToken('undefined', tokens)).toBeNull();
  }
});

test('where two entries hold the same token the first one counts', () => {
  const entry = (name: string) => ({ name, sha256: sha256(agent), permissions: [] });
  const tokens = tokensOf({ ACCESS_TOKENS: JSON.stringify([entry('first'), entry('second')]) });
  expect(matchAccessToken(agent, tokens)?.principal.name).toBe('first');
});

test('a session finds its token by the digest alone, and finds nothing once the token is configured no more', () => {
  const before = tokensOf({ DASHBOARD_AUTH_TOKEN: current, DASHBOARD_AUTH_TOKEN_PREVIOUS: previous });
  const after = tokensOf({ DASHBOARD_AUTH_TOKEN: current });
  const digest = matchAccessToken(previous, before)?.digest.toString('hex') ?? '';
  expect(digest).toBe(sha256(previous));
  expect(accessTokenOfDigest(digest, before)?.principal.name).toBe('dashboard');
  expect(accessTokenOfDigest(digest, after)).toBeNull();
  for (const malformed of ['', 'abc', digest.slice(2), `${digest}00`, 'zz'.repeat(32)])
    expect(accessTokenOfDigest(malformed, before)).toBeNull();
});

describe('a malformed credential stops the boot, by variable and reason, without its value', () => {
  test.each([
    ['quotes', { DASHBOARD_AUTH_TOKEN: `"${current}"` }, 'DASHBOARD_AUTH_TOKEN', /quotes/],
    ['a line break', { DASHBOARD_AUTH_TOKEN: `${current}\n` }, 'DASHBOARD_AUTH_TOKEN', /line break/],
    ['a space', { DASHBOARD_AUTH_TOKEN: ` ${current}` }, 'DASHBOARD_AUTH_TOKEN', /space/],
    ['too short', { DASHBOARD_AUTH_TOKEN: 'secretsecret' }, 'DASHBOARD_AUTH_TOKEN', /shorter than 16/],
    ['not ASCII', { DASHBOARD_AUTH_TOKEN: 'gehörtnichthierhin' }, 'DASHBOARD_AUTH_TOKEN', /HTTP header/],
    ['the previous one', { DASHBOARD_AUTH_TOKEN_PREVIOUS: 'x' }, 'DASHBOARD_AUTH_TOKEN_PREVIOUS', /shorter/],
    ['not JSON', { ACCESS_TOKENS: `[${current}` }, 'ACCESS_TOKENS', /JSON/],
    ['no list', { ACCESS_TOKENS: '{}' }, 'ACCESS_TOKENS', /the list/],
    [
      'a token in the clear',
      { ACCESS_TOKENS: `[{"name":"a","token":"${current}","permissions":[]}]` },
      'ACCESS_TOKENS',
      /entries/,
    ],
    [
      'an unknown permission',
      { ACCESS_TOKENS: `[{"name":"a","sha256":"${sha256(agent)}","permissions":["all"]}]` },
      'ACCESS_TOKENS',
      /0\.permissions\.0/,
    ],
    [
      'upper-case hex',
      { ACCESS_TOKENS: `[{"name":"a","sha256":"${sha256(agent).toUpperCase()}","permissions":[]}]` },
      'ACCESS_TOKENS',
      /0\.sha256/,
    ],
  ])('%s', (_name, env, variable, problem) => {
    const parsed = parseAccessTokens(env);
    expect(parsed).toEqual({
      ok: false,
      problems: [{ variable, problem: expect.stringMatching(problem), fix: expect.any(String) }],
    });
    expect(JSON.stringify(parsed)).not.toMatch(/current-token|secretsecret|gehört/);
  });

  test.each([
    ...['run', 'agent', 'dashboard', 'gateway', 'gatekeeper', 'scheduler', 'webhooks', 'reconciler'],
    ...[
      '',
      'Ada',
      'ada holm',
      ' ada',
      'ada\n',
      'ad\u0430',
      'ada\u200b',
      'a'.repeat(65),
      '1ada',
      'ada.',
      'a..b',
      'a:b',
    ],
  ])('the name %j', (name) => {
    const parsed = parseAccessTokens({
      ACCESS_TOKENS: JSON.stringify([{ name, sha256: sha256(agent), permissions: [] }]),
    });
    expect(parsed).toMatchObject({
      ok: false,
      problems: [{ variable: 'ACCESS_TOKENS', problem: expect.stringContaining('0.name') }],
    });
  });

  test('all of them at once', () => {
    const parsed = parseAccessTokens({
      DASHBOARD_AUTH_TOKEN: 'x',
      DASHBOARD_AUTH_TOKEN_PREVIOUS: 'y',
      ACCESS_TOKENS: 'z',
    });
    expect(!parsed.ok && parsed.problems.map(({ variable }) => variable)).toEqual([
      'DASHBOARD_AUTH_TOKEN',
      'DASHBOARD_AUTH_TOKEN_PREVIOUS',
      'ACCESS_TOKENS',
    ]);
  });
});
