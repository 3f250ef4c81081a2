// Prints `N passed, N failed` of the last `npm test`; a run without a result is one failed.
import { readTestTotal } from '../check/run-tests.mjs';
import { formatTotal } from '../check/test-summary.mjs';

const total = readTestTotal();
process.stdout.write(`${formatTotal(total)}\n`);
process.exitCode = total.failed === 0 ? 0 : 1;
