import { Redis } from 'ioredis';

/**
 * Asks the Redis at `url` for a PONG once, within `timeoutMs`.
 *
 * @param {string} url
 * @param {number} timeoutMs
 * @returns {Promise<{ ok: true } | { ok: false, reason: string }>}
 */
export async function pingRedis(url, timeoutMs) {
  const answer = await askOnce(url, timeoutMs, (client) => client.ping());
  return answer.ok ? { ok: true } : answer;
}

/**
 * The name the Redis at `url` gave itself when it started, or null when it does not say.
 *
 * @param {string} url
 * @param {number} timeoutMs
 * @returns {Promise<string | null>}
 */
export async function readRunId(url, timeoutMs) {
  const answer = await askOnce(url, timeoutMs, (client) => client.info('server'));
  return (answer.ok ? /^run_id:(\w+)/m.exec(answer.value)?.[1] : undefined) ?? null;
}

/**
 * @param {string} url
 * @param {number} timeoutMs
 * @param {(client: Redis) => Promise<string>} ask
 * @returns {Promise<{ ok: true, value: string } | { ok: false, reason: string }>}
 */
async function askOnce(url, timeoutMs, ask) {
  let lastError = '';
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    disconnectTimeout: 100,
    retryStrategy: () => null,
  });
  client.on('error', (/** @type {Error} */ error) => (lastError = error.message));
  try {
    await client.connect();
    return { ok: true, value: await ask(client) };
  } catch (error) {
    return { ok: false, reason: lastError || (error instanceof Error ? error.message : String(error)) };
  } finally {
    client.disconnect();
  }
}

/**
 * The address without its credentials, for printing.
 *
 * @param {string} url
 * @returns {string}
 */
export function describeUrl(url) {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}
