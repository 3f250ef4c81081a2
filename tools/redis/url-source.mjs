import { describeUrl, pingRedis } from './ping.mjs';

const ANSWER_MS = 3_000;

/** @type {import('./sources.mjs').RedisSource} */
export const urlSource = {
  name: 'REDIS_URL',
  effect: 'looks',
  async probe({ env }) {
    const url = env.REDIS_URL?.trim();
    if (!url) return { status: 'absent', reason: 'not set' };
    if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol)) {
      return {
        status: 'refused',
        reason: 'REDIS_URL is not a redis:// or rediss:// address',
        fix: 'Set it like redis://127.0.0.1:6379, or unset it to have a Redis provided.',
      };
    }
    const answer = await pingRedis(url, ANSWER_MS);
    if (!answer.ok && answer.reason.startsWith('NOAUTH')) {
      return {
        status: 'refused',
        reason: `REDIS_URL points at ${describeUrl(url)}, which wants a password and is given none`,
        fix: 'Put it into the address: redis://:PASSWORD@host:port.',
      };
    }
    if (!answer.ok && answer.reason.startsWith('WRONGPASS')) {
      return {
        status: 'refused',
        reason: `REDIS_URL points at ${describeUrl(url)}, which does not accept that user and password`,
        fix: 'Correct REDIS_URL; characters like @ : / % in a password have to be percent-encoded.',
      };
    }
    if (!answer.ok) {
      return {
        status: 'refused',
        reason: `REDIS_URL points at ${describeUrl(url)}, which does not answer (${answer.reason})`,
        fix: 'Start that Redis or correct REDIS_URL, or unset it to have a Redis provided.',
      };
    }
    return {
      status: 'found',
      kind: 'url',
      description: describeUrl(url),
      why: 'REDIS_URL is set',
      serverBinary: null,
      start: async () => ({ url, stop: async () => {} }),
    };
  },
};
