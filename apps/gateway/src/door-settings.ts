import type { RateLimit } from '@caio/state-store';

/** What is counted: tries to get in and calls of Inngest by address, requests by person and kind. */
export type LimitKind =
  | 'login'
  | 'wrong-token'
  | 'inngest'
  | 'inngest-large'
  | 'read'
  | 'write'
  | 'upload'
  | 'expensive'
  | 'stream';

/** How the door is kept, decided once at the start. */
export interface DoorSettings {
  readonly environment: string;
  readonly isLocal: boolean;
  /** `relaxed` lets everybody on this machine in while no token is configured; local environments only. */
  readonly authentication: 'strict' | 'relaxed';
  /** Whether `?token=` counts as a credential of a GET. */
  readonly queryTokens: 'taken' | 'refused';
  readonly allowedOrigins: readonly string[];
  /** How many proxies of ours stand before the gateway. */
  readonly trustedHops: number;
  readonly sessionIdleSeconds: number;
  readonly sessionLifeSeconds: number;
  readonly limits: Readonly<Record<LimitKind, RateLimit>>;
  readonly eventStreamsMax: number;
  readonly eventStreamsPerPersonMax: number;
}
