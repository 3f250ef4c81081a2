import { dirname, isAbsolute, join, resolve } from 'node:path';

/** Where a laptop's stack keeps what outlives it. One stack at a time works in one such folder. */
export interface DataFolder {
  readonly path: string;
  readonly redis: string;
  readonly logs: string;
  readonly traces: string;
  /** The keys the stored data belongs to. */
  readonly secretsFile: string;
  /** Address and token of the running stack, for the other commands. */
  readonly sessionFile: string;
  /** Which process works in this folder. */
  readonly lockFile: string;
}

export const dataFolderAt = (path: string): DataFolder =>
  Object.freeze({
    path,
    redis: join(path, 'redis'),
    logs: join(path, 'logs'),
    traces: join(path, 'traces'),
    secretsFile: join(path, 'local', 'secrets.json'),
    sessionFile: join(path, 'local', 'session.json'),
    lockFile: join(path, 'local', 'stack.lock'),
  });

/**
 * What nobody else may look into. The folder itself is not among them: `--data` may name one that serves other purposes,
 * too.
 */
export const privateParts = ({ path, redis, logs, traces, secretsFile }: DataFolder): string[] => [
  redis,
  logs,
  traces,
  dirname(secretsFile),
  join(path, 'audit'),
  join(path, 'provider-simulator.jsonl'),
];

/** The folder that `--data` names, else CAIO_DATA, else `.hive-mind` in the repository. */
export const chooseDataFolder = (options: {
  root: string;
  given: string | undefined;
  environment: Readonly<Record<string, string | undefined>>;
}): DataFolder => {
  const fromEnvironment = options.environment['CAIO_DATA']?.trim();
  const named = options.given ?? (fromEnvironment === '' ? undefined : fromEnvironment);
  if (named === undefined) return dataFolderAt(join(options.root, '.hive-mind'));
  return dataFolderAt(isAbsolute(named) ? named : resolve(named));
};
