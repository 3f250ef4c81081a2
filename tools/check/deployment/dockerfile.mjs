/**
 * @typedef {object} Instruction
 * @property {string} name      upper case: FROM, COPY, …
 * @property {string} text      what follows it, on one line
 * @property {number} line
 */

/**
 * @typedef {object} Stage
 * @property {string} image
 * @property {string | null} name
 * @property {readonly Instruction[]} instructions  after its FROM
 */

/**
 * @param {string} text
 * @returns {Instruction[]}
 */
function instructionsOf(text) {
  /** @type {Instruction[]} */
  const instructions = [];
  let open = '';
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const whole = `${open}${line}`;
    if (whole.endsWith('\\')) {
      open = `${whole.slice(0, -1).trimEnd()} `;
      continue;
    }
    open = '';
    const [name = '', ...rest] = whole.split(/\s+/);
    instructions.push({
      name: name.toUpperCase(),
      text: whole.slice(name.length).trim() || rest.join(' '),
      line: index + 1,
    });
  }
  return instructions;
}

/**
 * The stages of a Dockerfile; what stands before the first FROM is the stage without an image.
 *
 * @param {string} text
 * @returns {Stage[]}
 */
export function readStages(text) {
  /** @type {{ image: string, name: string | null, instructions: Instruction[] }[]} */
  const stages = [{ image: '', name: null, instructions: [] }];
  for (const instruction of instructionsOf(text)) {
    if (instruction.name === 'FROM') {
      const [image = '', as, name] = instruction.text.split(/\s+/);
      stages.push({ image, name: as?.toUpperCase() === 'AS' ? (name ?? null) : null, instructions: [] });
    } else stages.at(-1)?.instructions.push(instruction);
  }
  return stages;
}

/**
 * @typedef {object} Copy
 * @property {string | null} from    the stage, or null for the build context
 * @property {readonly string[]} sources
 * @property {string} target
 */

/**
 * @param {Stage} stage
 * @returns {Copy[]}
 */
export function copiesOf(stage) {
  return stage.instructions
    .filter(({ name }) => name === 'COPY' || name === 'ADD')
    .map(({ text }) => {
      const words = text.split(/\s+/);
      const paths = words.filter((word) => !word.startsWith('--'));
      const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length) ?? null;
      return { from, sources: paths.slice(0, -1), target: paths.at(-1) ?? '' };
    });
}

/**
 * The words of an instruction in exec form, or null when a shell would run it.
 *
 * @param {string} text
 * @returns {string[] | null}
 */
export function execForm(text) {
  try {
    /** @type {unknown} */
    const words = JSON.parse(text);
    return Array.isArray(words) && words.every((word) => typeof word === 'string') ? words : null;
  } catch {
    return null;
  }
}

/**
 * The environment a stage sets.
 *
 * @param {Stage} stage
 * @returns {Record<string, string>}
 */
export function environmentOf(stage) {
  return Object.fromEntries(
    stage.instructions
      .filter(({ name }) => name === 'ENV')
      .flatMap(({ text }) => [...text.matchAll(/([A-Za-z_]\w*)=("[^"]*"|\S+)/g)])
      .map(([, name = '', value = '']) => [name, value.replace(/^"|"$/g, '')]),
  );
}
