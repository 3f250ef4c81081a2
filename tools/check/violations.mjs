/**
 * One wrong thing for every boundary of this repository, and who must object. `npm run check` plants them in a copy
 * of the tree; a boundary that no longer bites turns the check red.
 *
 * @typedef {object} LintViolation
 * @property {string} name
 * @property {string} file
 * @property {string} source
 * @property {string} rule    the rule that must object
 * @property {RegExp} says    what its message must tell the author
 */

const IMPORTS = '@typescript-eslint/no-restricted-imports';
const RISK = '// Risk: a boundary no longer bites.\n';

/** @type {readonly LintViolation[]} */
export const lintViolations = [
  {
    name: 'a core reads a file',
    file: 'libs/dispatch-core/src/planted-file.ts',
    source: `import { readFileSync } from 'node:fs';\nexport const planted = readFileSync;\n`,
    rule: IMPORTS,
    says: /do no input or output\. Take the value as a parameter/,
  },
  {
    name: 'a core reads a file by the old module name',
    file: 'libs/outreach-core/src/planted-file.ts',
    source: `import { readFileSync } from 'fs';\nexport const planted = readFileSync;\n`,
    rule: IMPORTS,
    says: /do no input or output/,
  },
  {
    name: 'a core asks the clock',
    file: 'libs/dispatch-core/src/planted-clock.ts',
    source: `export const planted = (): number => Date.now();\n`,
    rule: 'no-restricted-properties',
    says: /Time is a parameter here/,
  },
  {
    name: 'a core makes a date of now',
    file: 'libs/outreach-core/src/planted-date.ts',
    source: `export const planted = (): Date => new Date();\n`,
    rule: 'no-restricted-syntax',
    says: /Time is a parameter here/,
  },
  {
    name: 'a core throws dice',
    file: 'libs/outreach-core/src/planted-dice.ts',
    source: `export const planted = (): number => Math.random();\n`,
    rule: 'no-restricted-properties',
    says: /Chance is a parameter here/,
  },
  {
    name: 'contracts call the network',
    file: 'libs/contracts/src/planted-fetch.ts',
    source: `export const planted = (): unknown => fetch('https://example.com');\n`,
    rule: 'no-restricted-globals',
    says: /Do this in the caller/,
  },
  {
    name: 'contracts import a core',
    file: 'libs/contracts/src/planted-core.ts',
    source: `export { isTerminal as planted } from '@caio/dispatch-core';\n`,
    rule: IMPORTS,
    says: /libs\/contracts may import no other package .* put behaviour into a core or a service/,
  },
  {
    name: 'contracts import a core, seen by the project graph',
    file: 'libs/contracts/src/planted-graph.ts',
    source: `import * as planted from '@caio/dispatch-core';\nexport const names = Object.keys(planted);\n`,
    rule: '@nx/enforce-module-boundaries',
    says: /layer:contracts|[Cc]ircular/,
  },
  {
    name: 'one core imports the other',
    file: 'libs/dispatch-core/src/planted-core.ts',
    source: `import * as planted from '@caio/outreach-core';\nexport const names = Object.keys(planted);\n`,
    rule: IMPORTS,
    says: /take the value as a parameter/,
  },
  {
    name: 'the store imports the service kit',
    file: 'libs/state-store/src/planted-kit.ts',
    source: `import * as planted from '@caio/service-kit';\nexport const names = Object.keys(planted);\n`,
    rule: IMPORTS,
    says: /Declare a small port here/,
  },
  {
    name: 'one service imports another',
    file: 'apps/gateway/src/planted-service.ts',
    source: `import * as planted from '@caio/gatekeeper';\nexport const names = Object.keys(planted);\n`,
    rule: IMPORTS,
    says: /Services talk over HTTP .* or through a queue/,
  },
  {
    name: "one service reaches into another's folder",
    file: 'apps/gateway/src/planted-path.ts',
    source: `import * as planted from '../../gatekeeper/src/main.ts';\nexport const names = Object.keys(planted);\n`,
    rule: 'house/relative-import',
    says: /This leaves apps\/gateway\. Import the other package by its name/,
  },
  {
    name: "a service imports a library's inside",
    file: 'apps/webhooks/src/planted-inside.ts',
    source: `import * as planted from '@caio/state-store/src/keys.ts';\nexport const names = Object.keys(planted);\n`,
    rule: IMPORTS,
    says: /If its index lacks what you need, export it there/,
  },
  {
    name: 'the dashboard imports the store',
    file: 'apps/dashboard/src/planted-store.ts',
    source: `import * as planted from '@caio/state-store';\nexport const names = Object.keys(planted);\n`,
    rule: IMPORTS,
    says: /ask the gateway through \/api/,
  },
  {
    name: 'a tool imports a service',
    file: 'tools/src/planted-service.ts',
    source: `import * as planted from '@caio/gatekeeper';\nexport const names = Object.keys(planted);\n`,
    rule: IMPORTS,
    says: /Talk to a service over HTTP/,
  },
  {
    name: 'a service ships the test kit',
    file: 'apps/scheduler/src/planted-kit.ts',
    source: `import * as planted from '@caio/test-kit';\nexport const names = Object.keys(planted);\n`,
    rule: IMPORTS,
    says: /Use it from a \*\.test\.ts file only/,
  },
  {
    name: 'a service opens its own Redis connection',
    file: 'apps/gatekeeper/src/planted-redis.ts',
    source: `import { Redis } from 'ioredis';\nexport const planted = Redis;\n`,
    rule: IMPORTS,
    says: /Only libs\/state-store talks to Redis/,
  },
  {
    name: 'a service makes its own queue',
    file: 'apps/webhooks/src/planted-queue.ts',
    source: `import { Queue } from 'bullmq';\nexport const planted = Queue;\n`,
    rule: IMPORTS,
    says: /Take a store, a job queue or a connection/,
  },
  {
    name: 'a library that is not the store talks to Redis',
    file: 'libs/auth/src/planted-redis.ts',
    source: `import { Redis } from 'ioredis';\nexport const planted = Redis;\n`,
    rule: 'no-restricted-imports',
    says: /Only libs\/state-store talks to Redis/,
  },
  {
    name: 'a library reads the environment',
    file: 'libs/auth/src/planted-environment.ts',
    source: `export const planted = process.env['HOME'];\n`,
    rule: 'no-restricted-properties',
    says: /Read the environment once, in config\.ts/,
  },
  {
    name: 'a service prints to the console',
    file: 'apps/gateway/src/planted-console.ts',
    source: `console.log('planted');\n`,
    rule: 'no-console',
    says: /console/,
  },
  {
    name: 'a test mocks our own code',
    file: 'libs/auth/src/planted-mock.test.ts',
    source: `${RISK}import { jest } from '@jest/globals';\njest.mock('./index.ts');\n`,
    rule: 'no-restricted-syntax',
    says: /Our own code is not mocked/,
  },
  {
    name: 'a test sleeps on a timer',
    file: 'libs/auth/src/planted-timer.test.ts',
    source: `${RISK}export const planted = new Promise((resolve) => setTimeout(resolve, 50));\n`,
    rule: 'no-restricted-syntax',
    says: /A test does not sleep/,
  },
  {
    name: 'a test sleeps on timers/promises',
    file: 'libs/auth/src/planted-sleep.test.ts',
    source: `${RISK}import { setTimeout } from 'node:timers/promises';\nexport const planted = setTimeout(50);\n`,
    rule: 'no-restricted-syntax',
    says: /A test does not sleep/,
  },
  {
    name: 'a test is skipped',
    file: 'libs/auth/src/planted-skip.test.ts',
    source: `${RISK}import { test } from '@jest/globals';\ntest.skip('planted', () => {});\n`,
    rule: 'no-restricted-syntax',
    says: /A test runs or it goes/,
  },
  {
    name: 'a test names no risk',
    file: 'libs/auth/src/planted-risk.test.ts',
    source: `export const planted = 1;\n`,
    rule: 'house/test-risk',
    says: /names the risk it removes/,
  },
  {
    name: 'a promise floats',
    file: 'apps/gateway/src/planted-promise.ts',
    source: `const planted = async (): Promise<void> => undefined;\nplanted();\n`,
    rule: '@typescript-eslint/no-floating-promises',
    says: /awaited/,
  },
  {
    name: 'a switch forgets a case',
    file: 'libs/auth/src/planted-switch.ts',
    source: `export const planted = (of: 'a' | 'b'): number => {\n  switch (of) {\n    case 'a':\n      return 1;\n  }\n  return 2;\n};\n`,
    rule: '@typescript-eslint/switch-exhaustiveness-check',
    says: /"b"/,
  },
  {
    name: 'an any',
    file: 'libs/auth/src/planted-any.ts',
    source: `export const planted = (value: any): void => void value;\n`,
    rule: '@typescript-eslint/no-explicit-any',
    says: /any/,
  },
  {
    name: 'a non-null assertion',
    file: 'libs/auth/src/planted-assertion.ts',
    source: `export const planted = (values: string[]): string => values[0]!;\n`,
    rule: '@typescript-eslint/no-non-null-assertion',
    says: /non-null/i,
  },
  {
    name: 'a folder called utils',
    file: 'libs/auth/src/utils/planted.ts',
    source: `export const planted = 1;\n`,
    rule: 'house/file-name',
    says: /Name it after what is in it/,
  },
  {
    name: 'an unfinished-work marker',
    file: 'libs/auth/src/planted-marker.ts',
    source: `// TO${'DO'}: finish\nexport const planted = 1;\n`,
    rule: 'no-warning-comments',
    says: /./,
  },
  {
    name: 'a file past 500 lines',
    file: 'libs/auth/src/planted-length.ts',
    source: `${'\n'.repeat(501)}export const planted = 1;\n`,
    rule: 'max-lines',
    says: /500/,
  },
];

/** Files that break no rule, one a layer: a boundary that objects to everything proves nothing. @type {Readonly<Record<string, string>>} */
export const soundFiles = {
  'libs/contracts/src/sound.ts': `import { z } from 'zod';\nexport const soundSchema = z.string();\n`,
  'libs/dispatch-core/src/sound.ts': `export const sound = (now: Date): string => new Date(now.getTime()).toISOString();\n`,
  'libs/state-store/src/sound.ts': `import type { Redis } from 'ioredis';\nexport const sound = (redis: Redis): Promise<string> => redis.ping();\n`,
  'libs/state-store/src/sound.test.ts': `${RISK}import { startRedis } from '@caio/test-kit';\nexport const sound = startRedis;\n`,
  'apps/gateway/src/sound.ts': `import { serviceNameSchema } from '@caio/contracts';\nimport { createKeys } from '@caio/state-store';\nexport const sound = [serviceNameSchema, createKeys];\n`,
  'apps/gateway/src/config.ts': `export const sound = process.env['HOME'];\n`,
  'tools/src/sound.ts': `import { startRedis } from '@caio/test-kit';\nexport const sound = startRedis;\n`,
};
