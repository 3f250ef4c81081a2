/** @returns {Promise<import('./steps.mjs').StepOutcome>} */
export async function startBundles() {
  return { ok: false, detail: 'x' };
}
