// Risk: a log line leaks a secret, cannot be joined to its request, or is not one JSON object.
import { Writable } from 'node:stream';
import { createManualClock } from '@caio/test-kit';
import { expect, test } from '@jest/globals';
import { createLogger } from './logger.ts';
import type { LogLevel } from './logger.ts';
import { createRedactor } from './redactor.ts';
import { runInContext } from './trace-context.ts';

const open = (level: LogLevel) => {
  let text = '';
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString('utf8');
      done();
    },
  });
  const redactor = createRedactor({ secrets: ['open sesame'] });
  const logger = createLogger({
    service: 'webhooks',
    level,
    stream,
    redactor,
    now: createManualClock().nowMs,
  });
  const lines = (): Record<string, unknown>[] =>
    text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  return { logger, lines, text: () => text };
};

test('a line is one JSON object with time, level, service, correlation id and message first', () => {
  const { logger, lines } = open('info');
  runInContext({ correlationId: 'cor-12345678' }, () => logger.info({ queue: 'drafts' }, 'A job waits.'));
  expect(lines()).toEqual([
    {
      time: '2026-01-05T12:00:00.000Z',
      level: 'info',
      service: 'webhooks',
      correlationId: 'cor-12345678',
      msg: 'A job waits.',
      queue: 'drafts',
    },
  ]);
  expect(Object.keys(lines()[0] ?? {}).slice(0, 5)).toEqual([
    'time',
    'level',
    'service',
    'correlationId',
    'msg',
  ]);
});

test('fields and message are redacted, by name and by value', () => {
  const { logger, text } = open('info');
  logger.warn(
    { token: 'abc', lead: { note: 'jo@firm.example' }, err: new Error('open sesame for jo@firm.example') },
    'No answer for jo@firm.example, open sesame.\nsecond line',
  );
  expect(text()).not.toMatch(/jo@firm|open sesame|abc/);
  expect(text().split('\n')).toHaveLength(2);
});

test('a stack is shown at debug level only, redacted', () => {
  const error = new Error('open sesame');
  const info = open('info');
  info.logger.error({ err: error }, 'It failed.');
  expect(info.text()).not.toContain('logger.test');
  const debug = open('debug');
  debug.logger.error({ err: error }, 'It failed.');
  expect(debug.lines()[0]?.['errStack']).toMatch(/logger\.test/);
  expect(debug.text()).not.toContain('open sesame');
});

test('lines under the level are not made', () => {
  const { logger, lines } = open('warn');
  logger.info({}, 'no');
  logger.debug({}, 'no');
  logger.warn({}, 'yes');
  logger.error({}, 'yes');
  expect(lines().map((line) => line['level'])).toEqual(['warn', 'error']);
});

test('a field cannot pose as the time, the level or the service, but may name its own request', () => {
  const { logger, lines } = open('info');
  logger.info(
    { level: 'error', time: 'never', service: 'gateway', msg: 'x', correlationId: 'cor-own-0001' },
    'Real.',
  );
  expect(lines()[0]).toEqual({
    time: '2026-01-05T12:00:00.000Z',
    level: 'info',
    service: 'webhooks',
    correlationId: 'cor-own-0001',
    msg: 'Real.',
  });
});
