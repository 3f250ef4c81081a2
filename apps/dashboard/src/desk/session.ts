import type { Permission, SessionAnswer } from '@caio/contracts';
import type { ApiFailure } from '../api/api-failure.ts';

/** Who is at the desk. `unreachable` is not the same as signed out, and does not look the same. */
export type SessionState =
  | { readonly kind: 'asking' }
  | { readonly kind: 'signed_in'; readonly session: SessionAnswer }
  | { readonly kind: 'signed_out' }
  | { readonly kind: 'unreachable'; readonly failure: ApiFailure };

/** Whether the person may do something; the services check again, this only keeps dead buttons away. */
export const may = (state: SessionState, permission: Permission): boolean =>
  state.kind === 'signed_in' && state.session.principal.permissions.includes(permission);

/** The sign-in page, with the way back to where the person was. */
export const loginAddress = (path: string): string => `/login?next=${encodeURIComponent(path)}`;
