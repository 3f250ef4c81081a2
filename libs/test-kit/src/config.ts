/** What the machine says about itself; the only place of this library that reads the environment. */
export const testKitConfig = Object.freeze({
  /** A redis-server or valkey-server binary to use instead of the one on PATH. */
  redisServer: process.env['CAIO_REDIS_SERVER']?.trim() || null,
  path: process.env['PATH'] ?? '',
  environment: Object.freeze({ ...process.env }),
});
