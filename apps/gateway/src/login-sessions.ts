import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AccessToken, accessTokenOfDigest } from '@caio/auth';
import type { Principal } from '@caio/contracts';
import type { SessionPurpose, SessionStore } from '@caio/state-store';
import { parse, serialize } from 'cookie';
import type { DoorSettings } from './door-settings.ts';
import { askStore } from './store-call.ts';

export interface OpenSession {
  readonly principal: Principal;
  readonly csrfToken: string;
  readonly endsAt: string;
}

export interface LoginSessionsOptions {
  readonly store: SessionStore;
  readonly settings: Pick<DoorSettings, 'isLocal' | 'sessionLifeSeconds'>;
  readonly tokens: readonly AccessToken[];
  /** 32 random bytes in base64url. */
  readonly newSecret: () => string;
  readonly now: () => number;
}

/** What a page asks every few seconds does not show that somebody sits there. */
const purposeOf = (req: IncomingMessage): SessionPurpose =>
  req.headers['x-caio-background'] === '1' && (req.method === 'GET' || req.method === 'HEAD')
    ? 'look'
    : 'use';

const idForm = /^[A-Za-z0-9_-]{43}$/;

/**
 * Logins as a browser carries them: an opaque id in a cookie that no script reads, everything else in the store. A
 * session ends with the token it was opened with, and its person may do what that token's entry says now.
 */
export const createLoginSessions = ({ store, settings, tokens, newSecret, now }: LoginSessionsOptions) => {
  // Without TLS a browser does not take a __Host- cookie.
  const cookieName = settings.isLocal ? 'caio_session' : '__Host-caio_session';
  const cookie = { httpOnly: true, sameSite: 'lax', path: '/', secure: !settings.isLocal } as const;

  const idOf = (req: IncomingMessage): string | null => {
    const id = parse(req.headers.cookie ?? '')[cookieName] ?? '';
    return idForm.test(id) ? id : null;
  };
  const forget = (res: ServerResponse): void => {
    res.appendHeader('Set-Cookie', serialize(cookieName, '', { ...cookie, maxAge: 0 }));
  };

  return {
    /**
     * The session of the request's cookie, or null. Its idle time begins anew, unless the page asked by itself
     * (`X-Caio-Background: 1`) or `purpose` says so. Throws `store_unavailable`.
     */
    find: async (
      req: IncomingMessage,
      purpose: SessionPurpose = purposeOf(req),
    ): Promise<OpenSession | null> => {
      const id = idOf(req);
      if (id === null) return null;
      const session = await askStore(() => store.find(id, purpose));
      if (session === null) return null;
      const token = accessTokenOfDigest(session.tokenDigest, tokens);
      if (token !== null)
        return { principal: token.principal, csrfToken: session.csrfToken, endsAt: session.endsAt };
      await askStore(() => store.end(id));
      return null;
    },

    /** Opens a session under a new id and ends the one the browser had. */
    open: async (req: IncomingMessage, res: ServerResponse, token: AccessToken): Promise<void> => {
      const former = idOf(req);
      if (former !== null) await askStore(() => store.end(former));
      const id = newSecret();
      const createdAtMs = now();
      await askStore(() =>
        store.open(id, {
          ...token.principal,
          tokenDigest: token.digest.toString('hex'),
          csrfToken: newSecret(),
          createdAt: new Date(createdAtMs).toISOString(),
          endsAt: new Date(createdAtMs + settings.sessionLifeSeconds * 1_000).toISOString(),
        }),
      );
      res.appendHeader(
        'Set-Cookie',
        serialize(cookieName, id, { ...cookie, maxAge: settings.sessionLifeSeconds }),
      );
    },

    /** Ends the session of the request's cookie, if there is one, and takes the cookie away. */
    end: async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
      const id = idOf(req);
      if (id !== null) await askStore(() => store.end(id));
      forget(res);
    },
  };
};

export type LoginSessions = ReturnType<typeof createLoginSessions>;
