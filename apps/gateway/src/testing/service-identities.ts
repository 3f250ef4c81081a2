import {
  createServiceTokenSigner,
  createServiceTokenVerifier,
  formatServicePublicKeys,
  generateServiceKeyPair,
  parseServicePrivateKey,
  parseServicePublicKeys,
} from '@caio/auth';
import type { ServiceName } from '@caio/contracts';
import { createLogger, createRedactor, createTraces, createTraceWriter } from '@caio/trace-envelope';
import { Writable } from 'node:stream';

const present = <T>(parsed: { ok: true; value: T } | { ok: false; problem: string }): T => {
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
};

const now = (): number => Date.now();
export const monotonicNow = (): number => performance.now();

/** Key pairs of all services, and for each what createServiceParts would build, with the log kept in memory. */
export const createIdentities = (newCorrelationId: () => string) => {
  const pairs = {
    gateway: generateServiceKeyPair(),
    gatekeeper: generateServiceKeyPair(),
    scheduler: generateServiceKeyPair(),
    webhooks: generateServiceKeyPair(),
  } satisfies Record<ServiceName, unknown>;
  const publicKeysText = formatServicePublicKeys({
    gateway: pairs.gateway.publicKey,
    gatekeeper: pairs.gatekeeper.publicKey,
    scheduler: pairs.scheduler.publicKey,
    webhooks: pairs.webhooks.publicKey,
  });
  const publicKeys = present(parseServicePublicKeys(publicKeysText));
  return {
    publicKeysText,
    privateKeyOf: (service: ServiceName): string => pairs[service].privateKey,
    partsOf: (service: ServiceName, traceFile: string) => {
      // No secret is registered: what must not be logged must not be handed to the log in the first place.
      const redactor = createRedactor();
      const lines: string[] = [];
      const stream = new Writable({
        write: (chunk: Buffer, _encoding, done) => {
          lines.push(chunk.toString('utf8'));
          done();
        },
      });
      const writer = createTraceWriter({
        file: traceFile,
        enabled: true,
        retentionDays: 1,
        cleanupEnabled: false,
        redactor,
        now,
        onReport: () => undefined,
      });
      return {
        log: () => lines.join(''),
        writer,
        logger: createLogger({ service, level: 'debug', stream, redactor, now }),
        traces: createTraces({ writer, redactor, now, monotonicNow, newCorrelationId }),
        signer: createServiceTokenSigner({
          service,
          privateKey: present(parseServicePrivateKey(pairs[service].privateKey)),
          now,
        }),
        verifier: createServiceTokenVerifier({ service, publicKeys, now }),
      };
    },
  };
};
