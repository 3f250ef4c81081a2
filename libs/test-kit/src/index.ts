export { waitFor, type WaitOptions } from './wait-for.ts';
export { freePort } from './free-port.ts';
export {
  startProcess,
  type ProcessExit,
  type ProcessOptions,
  type RunningProcess,
} from './process-runner.ts';
export { startRedis, type RedisOptions, type RedisServer } from './redis-server.ts';
