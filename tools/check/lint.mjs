import { join } from 'node:path';
import { runBounded } from '../process/run-bounded.mjs';

const GRAPH_MS = 120_000;
const LINT_MS = 600_000;

/**
 * Makes the project graph, then runs ESLint. Without a graph Nx's boundary rule skips itself and stays green; the
 * ESLint configuration cannot make one, since Nx reads that configuration while it makes the graph.
 *
 * @param {string} root
 * @param {readonly string[]} eslintArgs
 * @returns {Promise<import('../process/run-bounded.mjs').RunResult>}
 */
export async function lint(root, eslintArgs) {
  const env = { ...process.env, NX_DAEMON: 'false', NO_COLOR: '1' };
  const nx = join(root, 'node_modules', 'nx', 'dist', 'bin', 'nx.js');
  const graph = await runBounded(process.execPath, [nx, 'show', 'projects'], {
    timeoutMs: GRAPH_MS,
    cwd: root,
    env,
  });
  if (!graph.ok) return graph;
  const eslint = join(root, 'node_modules', 'eslint', 'bin', 'eslint.js');
  return runBounded(process.execPath, [eslint, ...eslintArgs], { timeoutMs: LINT_MS, cwd: root, env });
}
