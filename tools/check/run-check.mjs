/** @typedef {import('./steps.mjs').Step} Step */
/** @typedef {{ name: string, ok: boolean, ms: number, detail: string }} StepReport */

/**
 * Runs the steps one after the other, all of them, since one red step must not hide the next.
 *
 * @param {{ steps: readonly Step[], context: import('./steps.mjs').CheckContext, say: (text: string) => void }} options
 * @returns {Promise<StepReport[]>}
 */
export async function runSteps({ steps, context, say }) {
  const reports = [];
  for (const { name, run } of steps) {
    say(`… ${name}`);
    const started = performance.now();
    const outcome = await run(context).catch((/** @type {unknown} */ error) => ({
      ok: false,
      detail: error instanceof Error ? error.message : String(error),
      output: error instanceof Error ? (error.stack ?? '') : '',
    }));
    const report = {
      name,
      ok: outcome.ok,
      ms: Math.round(performance.now() - started),
      detail: outcome.detail,
    };
    reports.push(report);
    if (!outcome.ok && 'output' in outcome && outcome.output) say(outcome.output.trimEnd());
    say(formatRow(report));
  }
  return reports;
}

/**
 * @param {readonly StepReport[]} reports
 * @returns {string}
 */
export function formatTable(reports) {
  const failed = reports.filter(({ ok }) => !ok).length;
  const verdict = failed === 0 ? 'everything passed' : `${failed} of ${reports.length} failed`;
  return ['', ...reports.map(formatRow), '', `check: ${verdict}`].join('\n');
}

/** @param {StepReport} report */
function formatRow({ name, ok, ms, detail }) {
  const seconds = `${(ms / 1000).toFixed(1)} s`.padStart(8);
  return `${ok ? 'PASS' : 'FAIL'}  ${name.padEnd(11)}${seconds}  ${detail}`.trimEnd();
}
