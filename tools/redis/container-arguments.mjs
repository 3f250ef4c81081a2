export const REDIS_IMAGE = 'redis:7';

/** @typedef {import('./container-engine.mjs').ContainerEngine['name']} EngineName */

/**
 * What `run` needs for the given redis-server arguments: the port is published on 127.0.0.1, the data folder is
 * mounted at the same path, and inside the container the server listens on every address.
 *
 * @param {readonly string[]} redisArgs
 * @param {EngineName} engine
 * @returns {string[]}
 */
export function containerArguments(redisArgs, engine) {
  const port = valueOf(redisArgs, '--port') ?? '6379';
  const dir = valueOf(redisArgs, '--dir');
  return [
    ...['run', '--interactive', '--rm', `--publish=127.0.0.1:${port}:${port}`],
    ...(dir ? storageArguments({ engine, from: dir, to: dir }) : []),
    ...[REDIS_IMAGE, 'sh', '-c', FOLLOW_STDIN, 'redis-server'],
    ...redisArgs,
    ...['--bind', '0.0.0.0', '--protected-mode', 'no', '--daemonize', 'no'],
  ];
}

/**
 * Lets a container write into a folder of this user: as this user, also where podman runs without root and counts
 * its users anew, and where SELinux keeps containers out of folders that are not labelled for them.
 *
 * @param {{ engine: EngineName, from: string, to: string, user?: { uid: number, gid: number } | null }} options
 * @returns {string[]}
 */
export function storageArguments({ engine, from, to, user = thisUser() }) {
  const mount = [`--volume=${from}:${to}`, '--security-opt=label=disable'];
  if (user === null) return mount;
  const rootless = engine === 'podman' && user.uid !== 0;
  return [...mount, `--user=${user.uid}:${user.gid}`, ...(rootless ? ['--userns=keep-id'] : [])];
}

function thisUser() {
  if (!process.getuid || !process.getgid) return null;
  return { uid: process.getuid(), gid: process.getgid() };
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
