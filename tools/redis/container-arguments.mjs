export const REDIS_IMAGE = 'redis:7';

/**
 * What `docker run` needs for the given redis-server arguments: the port is published on 127.0.0.1, the data
 * folder is mounted at the same path, and inside the container the server listens on every address.
 *
 * @param {readonly string[]} redisArgs
 * @returns {string[]}
 */
export function containerArguments(redisArgs) {
  const port = valueOf(redisArgs, '--port') ?? '6379';
  const dir = valueOf(redisArgs, '--dir');
  const owner = process.getuid ? [`--user=${process.getuid()}:${process.getgid?.() ?? 0}`] : [];
  return [
    ...['run', '--interactive', '--rm', `--publish=127.0.0.1:${port}:${port}`],
    ...(dir ? [...owner, `--volume=${dir}:${dir}`] : []),
    ...[REDIS_IMAGE, 'sh', '-c', FOLLOW_STDIN, 'redis-server'],
    ...redisArgs,
    ...['--bind', '0.0.0.0', '--protected-mode', 'no', '--daemonize', 'no'],
  ];
}

// Standard input closes when this process dies, however it dies; the container must not outlive it.
const FOLLOW_STDIN = [
  'exec 3<&0',
  'redis-server "$@" & server=$!',
  'trap "kill -TERM $server" TERM INT',
  '(cat <&3 >/dev/null; kill -KILL $server) &',
  'wait $server; wait $server',
].join('\n');

/** @param {readonly string[]} args @param {string} name */
function valueOf(args, name) {
  const at = args.lastIndexOf(name);
  return at === -1 ? undefined : args[at + 1];
}
