const vm = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');

/**
 * Jest's environment for Node. Jest compiles every module again for each test file, a sixth of the CPU time of a run;
 * here a worker keeps what it compiled and only runs it again, in the file's own context and with its own globals.
 */
module.exports = TestEnvironment;

const compileAnew = vm.compileFunction;
/** @type {Map<string, { code: string, script: vm.Script }>} by file name */
const kept = new Map();

vm.compileFunction = (code, parameters, options) => {
  // A module that imports while it runs needs the loader of its own test file.
  if (options?.filename === undefined || /\bimport\s*\(/.test(code))
    return compileAnew(code, parameters, options);
  const whole = `(function (${parameters.join(', ')}) {${code}\n})`;
  let found = kept.get(options.filename);
  if (found?.code !== whole) {
    found = { code: whole, script: new vm.Script(whole, { filename: options.filename }) };
    kept.set(options.filename, found);
  }
  return found.script.runInContext(options.parsingContext);
};
