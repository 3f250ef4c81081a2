// Risk: a variable that decides something is documented nowhere, or a default that is a secret is printed.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { baseConfig, booleanField, secretField, textField } from '@caio/service-kit';
import { describe, expect, test } from '@jest/globals';
import { variablesOf } from './configuration.ts';
import { describeConfiguration } from './configuration-page.ts';
import { describeEnvironmentExample } from './environment-example.ts';
import { root } from './testing/service-apps.ts';
import { toolVariables, variableMeanings } from './variable-meanings.ts';

const shape = {
  EMERGENCY_STOP: booleanField('false'),
  PSEUDONYM_KEY: secretField({ lengthMin: 32, fix: 'Set a random text.' }),
  UNSUBSCRIBE_SECRET: secretField({ lengthMin: 1, fix: 'Set it.' }).default('a-default-nobody-may-see'),
  LEAD_INBOX_DIR: textField({ fix: 'Set a folder.' }).optional(),
};

describe('reading the schemas', () => {
  test('says of each variable what it is without, and whether it is secret', () => {
    expect(variablesOf('gatekeeper', shape)).toEqual([
      expect.objectContaining({ name: 'EMERGENCY_STOP', fallback: 'false', secret: false }),
      expect.objectContaining({ name: 'PSEUDONYM_KEY', fallback: null, secret: true }),
      expect.objectContaining({ name: 'UNSUBSCRIBE_SECRET', secret: true }),
      expect.objectContaining({ name: 'LEAD_INBOX_DIR', fallback: '', secret: false }),
    ]);
  });

  test('finds what the builders of every shared variable say', () => {
    for (const { name, fix } of variablesOf('gateway', baseConfig('gateway'))) {
      expect(fix).toMatch(/\w/);
      expect(Object.keys(variableMeanings)).toContain(name);
    }
  });

  test('a variable that says no fix, or is explained nowhere, stops the page', () => {
    expect(() => variablesOf('gateway', { PORT: {} })).toThrow('PORT of the gateway is no field');
    const unexplained = variablesOf('gateway', { NEW_SWITCH: booleanField('true') });
    expect(() => describeConfiguration(unexplained)).toThrow('NEW_SWITCH is not explained');
    const few = variablesOf('gatekeeper', { EMERGENCY_STOP: booleanField('false') });
    expect(() => describeConfiguration(few)).toThrow('explained but read by no service');
  });
});

test('the example file shows no default of a secret and fills nothing required in', () => {
  const example = describeEnvironmentExample(variablesOf('gatekeeper', shape));
  expect(example).not.toContain('a-default-nobody-may-see');
  const filledIn = example.split('\n').filter((line) => !line.startsWith('#') && line !== '');
  expect(filledIn).toEqual(['PSEUDONYM_KEY=']);
});

test('what the tools read from the environment is explained, and nothing else', () => {
  const folders = ['tools', 'libs/test-kit/src', 'libs/service-kit/src'];
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(
        (file) => /\.(ts|mjs)$/.test(file) && !/node_modules|\.test\.ts$|\btesting\b|\bcheck\b/.test(file),
      )
      .map((file) => join(root, folder, file)),
  );
  const read = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\b(?:env|environment)(?:\??\.|\[')([A-Z][A-Z0-9_]+)\b/g)].map(
      ([, name = '']) => name,
    ),
  );
  const everyMachineHas = new Set(['PATH', 'HOME', 'HOST', 'PORT']);
  expect([...new Set(read)].filter((name) => !everyMachineHas.has(name)).sort()).toEqual(
    [...new Set(toolVariables.map(({ name }) => name))].sort(),
  );
});
