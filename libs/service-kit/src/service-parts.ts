import type { KeyObject } from 'node:crypto';
import type { Writable } from 'node:stream';
import { createServiceTokenSigner, createServiceTokenVerifier } from '@caio/auth';
import type { ServicePublicKeys, ServiceTokenSigner, ServiceTokenVerifier } from '@caio/auth';
import type { ServiceName } from '@caio/contracts';
import { createLogger, createRedactor, createTraces, createTraceWriter } from '@caio/trace-envelope';
import type { Logger, LogLevel, Redactor, TraceReport, Traces, TraceWriter } from '@caio/trace-envelope';

export interface ServiceParts {
  redactor: Redactor;
  logger: Logger;
  traces: Traces;
  traceWriter: TraceWriter;
  signer: ServiceTokenSigner;
  verifier: ServiceTokenVerifier;
}

const reportTo =
  (logger: Logger) =>
  (report: TraceReport): void => {
    const failed = report.event === 'write_failing' || report.event === 'dropped';
    (failed ? logger.error : logger.info)(
      { trace: report },
      `Trace file: ${report.event.replaceAll('_', ' ')}.`,
    );
  };

/**
 * What every service has before it has anything of its own: redaction that knows its secrets, log, traces,
 * and its identity towards the other services. Close `traceWriter` last.
 */
export const createServiceParts = (options: {
  service: ServiceName;
  config: {
    LOG_LEVEL: LogLevel;
    TRACE_ENVELOPE_FILE: string;
    TRACE_ENVELOPE_ENABLED: boolean;
    TRACE_RETENTION_DAYS: number;
    TRACE_CLEANUP_ENABLED: boolean;
    SERVICE_PRIVATE_KEY: KeyObject;
    SERVICE_PUBLIC_KEYS: ServicePublicKeys;
  };
  /** `secretsOf(schema, env, service)`. */
  secrets: readonly string[];
  stdout: Writable;
  now: () => number;
  monotonicNow: () => number;
  newCorrelationId: () => string;
}): ServiceParts => {
  const { service, config, now } = options;
  const redactor = createRedactor({ secrets: options.secrets });
  const logger = createLogger({ service, level: config.LOG_LEVEL, stream: options.stdout, redactor, now });
  const traceWriter = createTraceWriter({
    file: config.TRACE_ENVELOPE_FILE,
    enabled: config.TRACE_ENVELOPE_ENABLED,
    retentionDays: config.TRACE_RETENTION_DAYS,
    cleanupEnabled: config.TRACE_CLEANUP_ENABLED,
    redactor,
    now,
    onReport: reportTo(logger),
  });
  return {
    redactor,
    logger,
    traceWriter,
    traces: createTraces({
      writer: traceWriter,
      redactor,
      now,
      monotonicNow: options.monotonicNow,
      newCorrelationId: options.newCorrelationId,
    }),
    signer: createServiceTokenSigner({ service, privateKey: config.SERVICE_PRIVATE_KEY, now }),
    verifier: createServiceTokenVerifier({ service, publicKeys: config.SERVICE_PUBLIC_KEYS, now }),
  };
};
