import type { Writable } from 'node:stream';
import { types } from 'node:util';
import { createLogger as createWinstonLogger, format, transports } from 'winston';
import { z } from 'zod';
import type { Redactor } from './redactor.ts';
import { currentContext } from './trace-context.ts';

export const logLevelSchema = z.enum(['error', 'warn', 'info', 'debug']);
export type LogLevel = z.infer<typeof logLevelSchema>;

/** Fields first, then one plain sentence: `logger.warn({ queue: 'drafts', err }, 'Redis went away.')`. */
export type LogLine = (fields: Readonly<Record<string, unknown>>, message: string) => void;

export interface Logger {
  readonly error: LogLine;
  readonly warn: LogLine;
  readonly info: LogLine;
  readonly debug: LogLine;
}

const levels: Readonly<Record<LogLevel, number>> = { error: 0, warn: 1, info: 2, debug: 3 };
const lineText = Symbol.for('message');

/**
 * One JSON object a line: `time, level, service, correlationId, msg`, then the fields, all of it redacted.
 * The id comes from the running context (null outside one) unless the fields carry their own. Errors keep
 * their stack only when the level is `debug`. `now` is epoch milliseconds.
 */
export const createLogger = (options: {
  service: string;
  level: LogLevel;
  stream: Writable;
  redactor: Redactor;
  now: () => number;
}): Logger => {
  const { service, redactor } = options;

  const withStacks = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> => {
    const copy: Record<string, unknown> = { ...fields };
    for (const [name, value] of Object.entries(fields)) {
      if (types.isNativeError(value) && typeof value.stack === 'string') copy[`${name}Stack`] = value.stack;
    }
    return copy;
  };

  const lineOf = (level: string, message: string, fields: Readonly<Record<string, unknown>>): string => {
    const { correlationId, ...rest } = fields;
    const extra = redactor.redact(options.level === 'debug' ? withStacks(rest) : rest);
    const fixed = {
      time: new Date(options.now()).toISOString(),
      level,
      service,
      correlationId:
        typeof correlationId === 'string'
          ? redactor.cutKnown(correlationId)
          : (currentContext()?.correlationId ?? null),
      msg: redactor.shorten(message),
    };
    // Spread twice: first for the order of the line, last because a field may not pose as the level or the time.
    return JSON.stringify({ ...fixed, ...(typeof extra === 'object' ? extra : {}), ...fixed });
  };

  const winston = createWinstonLogger({
    level: options.level,
    levels,
    exitOnError: false,
    format: format((info) => {
      const fields: unknown = info['fields'];
      info[lineText] = lineOf(
        info.level,
        typeof info.message === 'string' ? info.message : '',
        typeof fields === 'object' && fields !== null ? { ...fields } : {},
      );
      return info;
    })(),
    transports: [new transports.Stream({ stream: options.stream, eol: '\n' })],
  });

  const lineAt =
    (level: LogLevel): LogLine =>
    (fields, message) => {
      if (levels[level] <= levels[options.level]) winston.log({ level, message, fields });
    };

  return { error: lineAt('error'), warn: lineAt('warn'), info: lineAt('info'), debug: lineAt('debug') };
};
