// Risk: a house rule stops biting, and the tree drifts while lint stays green.
import { Linter } from 'eslint';
import { expect, test } from '@jest/globals';
import { houseRules } from './index.mjs';

const root = '/repo';

function messagesFor(rule: string, filename: string, code: string, cwd = root): string[] {
  const linter = new Linter({ cwd, configType: 'flat' });
  const messages = linter.verify(
    code,
    [
      {
        files: ['**/*.ts'],
        plugins: { house: houseRules },
        settings: { repositoryRoot: root },
        rules: { [`house/${rule}`]: 'error' },
      },
    ],
    { filename: `${root}/${filename}` },
  );
  return messages.map(({ message }) => message);
}

test.each([
  ['libs/auth/src/session-store.ts', 0],
  ['libs/auth/src/session-store.test.ts', 0],
  ['libs/state-store/src/scripts/claim-batch-4.ts', 0],
  ['libs/auth/src/SessionStore.ts', 1],
  ['libs/auth/src/session_store.ts', 1],
  ['libs/auth/src/utils/session-store.ts', 1],
  ['apps/gateway/src/shared/Thing.ts', 2],
])('file-name: %s has %i faults', (path, faults) => {
  expect(messagesFor('file-name', path, '')).toHaveLength(faults);
});

test.each([
  [`import { a } from './a.ts';`, 0],
  [`import script from './scripts/claim-1.lua';`, 0],
  [`import { z } from 'zod';`, 0],
  [`import { a } from './a';`, 1],
  [`export { a } from './a';`, 1],
  [`export * from '../index';`, 1],
  [`const a = await import('./a');`, 1],
  [`import { a } from '../../state-store/src/keys.ts';`, 1],
  [`import { a } from '../../../apps/gateway/src/app.ts';`, 1],
])('relative-import: %s has %i faults', (code, faults) => {
  expect(messagesFor('relative-import', 'libs/auth/src/session.ts', code)).toHaveLength(faults);
});

test('relative-import finds the way out of a project that is linted from inside', () => {
  const code = `import { a } from '../../state-store/src/keys.ts';`;
  expect(messagesFor('relative-import', 'libs/auth/src/session.ts', code, `${root}/libs/auth`)).toHaveLength(
    1,
  );
});

test.each([
  ['// Risk: an opt-out is ignored.\ntest();', 0],
  ['test();', 1],
  ['test();\n// Risk: named too late.', 1],
])('test-risk: %j has %i faults', (code, faults) => {
  expect(messagesFor('test-risk', 'libs/auth/src/session.test.ts', code)).toHaveLength(faults);
});
