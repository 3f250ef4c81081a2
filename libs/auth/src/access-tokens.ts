import { createHash, timingSafeEqual } from 'node:crypto';
import { permissionSchema, serviceNameSchema } from '@caio/contracts';
import type { Principal } from '@caio/contracts';
import { z } from 'zod';

/** A credential of a person or a program: its SHA-256 and who it is. The token itself is never kept. */
export interface AccessToken {
  readonly digest: Buffer;
  readonly principal: Principal;
}

/** A variable that stops the boot, in words that never contain its value. */
export interface AccessTokenProblem {
  variable: 'DASHBOARD_AUTH_TOKEN' | 'DASHBOARD_AUTH_TOKEN_PREVIOUS' | 'ACCESS_TOKENS';
  problem: string;
  fix: string;
}

export interface AccessTokenVariables {
  DASHBOARD_AUTH_TOKEN?: string | undefined;
  DASHBOARD_AUTH_TOKEN_PREVIOUS?: string | undefined;
  ACCESS_TOKENS?: string | undefined;
}

/** Characters a token needs at least; shorter ones can be guessed through the rate limits. */
export const accessTokenLengthMin = 16;

/** Names that the audit and the drafts use for our own parts: nobody may act under them. */
const takenNames: ReadonlySet<string> = new Set([
  ...serviceNameSchema.options,
  'agent',
  'dashboard',
  'reconciler',
  'run',
  'unsubscribe-link',
]);

/**
 * Plain ASCII, so that no two names look alike where a person reads who approved; nothing in it needs escaping
 * anywhere a name is stored.
 */
const nameForm = /^[a-z][a-z0-9]*(?:[._-][a-z0-9]+)*$/;

const accessTokensSchema = z.array(
  z.strictObject({
    name: z
      .string()
      .max(64)
      .regex(nameForm)
      .refine((name) => !takenNames.has(name)),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    permissions: z.array(permissionSchema),
  }),
);

const sha256 = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

/** Who holds DASHBOARD_AUTH_TOKEN: nobody in particular, with every permission. */
export const dashboardPrincipal: Principal = {
  name: 'dashboard',
  permissions: [...permissionSchema.options],
};

const judgeToken = (value: string): { problem: string; fix: string } | null => {
  const paste = 'Set it again without anything around it: no quotes, no spaces, no line break.';
  if (/[\r\n]/.test(value)) return { problem: 'contains a line break', fix: paste };
  if (/["'`“”]/.test(value)) return { problem: 'contains quotes', fix: paste };
  if (/\s/.test(value)) return { problem: 'contains a space', fix: paste };
  const make = 'Make a new one: openssl rand -base64 33 | tr "+/" "-_".';
  if (!/^[\x21-\x7e]+$/.test(value)) {
    return { problem: 'contains characters that no HTTP header carries', fix: make };
  }
  if (value.length < accessTokenLengthMin) {
    return { problem: `is shorter than ${accessTokenLengthMin} characters`, fix: make };
  }
  return null;
};

const readJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const whereOf = (issues: readonly z.core.$ZodIssue[]): string =>
  [...new Set(issues.map(({ path }) => path.map(String).join('.') || 'the list'))].slice(0, 5).join(', ');

/**
 * Reads the credentials that the gateway accepts. `DASHBOARD_AUTH_TOKEN` and its `_PREVIOUS` are the principal
 * `dashboard` with every permission; `ACCESS_TOKENS` is a JSON list of `{name, sha256, permissions}`, sha256
 * being the lower-case hex digest of the token and the name lower-case words joined by `.`, `_` or `-`. Unset and empty are the same: no such token.
 */
export const parseAccessTokens = (
  env: AccessTokenVariables,
): { ok: true; tokens: readonly AccessToken[] } | { ok: false; problems: readonly AccessTokenProblem[] } => {
  const tokens: AccessToken[] = [];
  const problems: AccessTokenProblem[] = [];

  for (const variable of ['DASHBOARD_AUTH_TOKEN', 'DASHBOARD_AUTH_TOKEN_PREVIOUS'] as const) {
    const value = env[variable] ?? '';
    if (value === '') continue;
    const judged = judgeToken(value);
    if (judged === null) tokens.push({ digest: sha256(value), principal: dashboardPrincipal });
    else problems.push({ variable, ...judged });
  }

  const listed = env.ACCESS_TOKENS ?? '';
  if (listed !== '') {
    const json = readJson(listed);
    const parsed = accessTokensSchema.safeParse(json);
    const fix =
      'Give a JSON list of {"name", "sha256", "permissions"}: a name like ada.holm or drafting-agent that is none of our own parts (' +
      [...takenNames].join(', ') +
      '), the hex digest of the token.';
    if (json === undefined) {
      problems.push({ variable: 'ACCESS_TOKENS', problem: 'is not valid JSON', fix });
    } else if (!parsed.success) {
      const problem = `has entries that cannot be read (${whereOf(parsed.error.issues)})`;
      problems.push({ variable: 'ACCESS_TOKENS', problem, fix });
    } else {
      for (const { name, sha256: hex, permissions } of parsed.data) {
        tokens.push({ digest: Buffer.from(hex, 'hex'), principal: { name, permissions } });
      }
    }
  }

  return problems.length > 0 ? { ok: false, problems } : { ok: true, tokens };
};

/** The entry of this digest, or null. Every entry is compared in constant time, so that its position does not show. */
const entryOf = (digest: Buffer, tokens: readonly AccessToken[]): AccessToken | null => {
  let found: AccessToken | null = null;
  for (const token of tokens) {
    if (timingSafeEqual(digest, token.digest)) found ??= token;
  }
  return found;
};

/**
 * The configured token that is presented, or null. It is compared as a digest, so that neither a prefix nor a
 * length shows in how long it takes. With no tokens nothing matches.
 */
export const matchAccessToken = (presented: string, tokens: readonly AccessToken[]): AccessToken | null =>
  entryOf(sha256(presented), tokens);

/** The configured token of this digest (64 hex digits), as a session remembers it; null once it is configured no more. */
export const accessTokenOfDigest = (hex: string, tokens: readonly AccessToken[]): AccessToken | null => {
  const digest = Buffer.from(hex, 'hex');
  return digest.length === 32 ? entryOf(digest, tokens) : null;
};
