import type { Logger } from '@caio/trace-envelope';

/**
 * What happened at the door, for whoever looks into it later: people and addresses as keyed pseudonyms, no token and
 * no address.
 */
export const createDoorLog = (deps: { logger: Logger; pseudonym: (text: string) => string }) => {
  const person = (name: string): string => deps.pseudonym(`person ${name}`).slice(0, 16);
  const client = (address: string): string => deps.pseudonym(`address ${address}`).slice(0, 16);
  return {
    loggedIn: (who: { name: string; address: string; correlationId: string }): void =>
      deps.logger.info(
        {
          event: 'login',
          person: person(who.name),
          client: client(who.address),
          correlationId: who.correlationId,
        },
        'Somebody logged in.',
      ),
    /** `failures` within the window that is counted, this one included. */
    refused: (who: { address: string; failures: number; reason: string; correlationId: string }): void =>
      deps.logger.warn(
        {
          event: 'login_refused',
          client: client(who.address),
          failures: who.failures,
          reason: who.reason,
          correlationId: who.correlationId,
        },
        'A login was refused.',
      ),
    loggedOut: (who: { name: string; address: string; correlationId: string }): void =>
      deps.logger.info(
        {
          event: 'logout',
          person: person(who.name),
          client: client(who.address),
          correlationId: who.correlationId,
        },
        'Somebody logged out.',
      ),
  };
};

export type DoorLog = ReturnType<typeof createDoorLog>;
