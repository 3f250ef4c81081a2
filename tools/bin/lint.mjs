import { lint } from '../check/lint.mjs';
import { repositoryRoot } from '../process/repository-root.mjs';

const args = process.argv.slice(2);
const run = await lint(repositoryRoot, args.some((arg) => !arg.startsWith('-')) ? args : [...args, '.']);
process.stdout.write(run.stdout);
process.stderr.write(run.stderr);
process.exitCode = run.ok ? 0 : 1;
