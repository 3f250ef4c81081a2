import type { AccessToken } from '@caio/auth';
import type { ReadinessCheck } from '@caio/service-kit';
import type { DeskFiles } from './desk/desk-files.ts';
import type { DoorSettings } from './door-settings.ts';

/** What the gateway itself needs: its store, somebody who may come in, and the desk it serves. */
export const createDoorReadiness = (deps: {
  ping: () => Promise<string>;
  settings: Pick<DoorSettings, 'authentication'>;
  tokens: readonly AccessToken[];
  desk: DeskFiles | null;
}): readonly ReadinessCheck[] => [
  {
    name: 'redis',
    check: async () => {
      const answers = await deps.ping().then(
        (answer) => answer === 'PONG',
        () => false,
      );
      return {
        ready: answers,
        required: true,
        message: answers ? 'answers' : 'does not answer, so nobody can be let in',
      };
    },
  },
  {
    name: 'authentication',
    check: () => {
      if (deps.tokens.length > 0) return Promise.resolve({ ready: true, required: true, message: 'ready' });
      return Promise.resolve(
        deps.settings.authentication === 'relaxed'
          ? { ready: true, required: true, message: 'open: DASHBOARD_AUTH_STRICT is off and no token is set' }
          : {
              ready: false,
              required: true,
              message: 'no token is configured, so nobody gets in (DASHBOARD_AUTH_TOKEN)',
            },
      );
    },
  },
  {
    name: 'desk',
    check: () =>
      Promise.resolve({
        ready: deps.desk !== null,
        required: false,
        message: deps.desk === null ? 'not part of this build' : 'ready',
      }),
  },
];
