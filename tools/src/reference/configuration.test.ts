// Risk: a variable that decides something is documented nowhere, or a default that is a secret is printed.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { baseConfig, booleanField, secretField, textField } from '@caio/service-kit';
import { serviceNameSchema } from '@caio/contracts';
import { describe, expect, test } from '@jest/globals';
import { variablesOf } from './configuration.ts';
import { describeConfiguration } from './configuration-page.ts';
import { describeEnvironmentExample } from './environment-example.ts';
import { describeStagingExample } from './staging-example.ts';
import { root } from './testing/service-apps.ts';
import { toolVariables, variableMeanings } from './variable-meanings.ts';

const stagingText = readFileSync(join(root, '.env.staging.example'), 'utf8');

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

describe('the example for docker compose', () => {
  const variables = variablesOf('gatekeeper', shape);
  const filledIn = (example: string) =>
    example.split('\n').filter((line) => !line.startsWith('#') && line !== '');

  test('asks for what compose cannot do without, shows its other defaults, and no default of a secret', () => {
    const example = describeEnvironmentExample(variables, [
      { name: 'PSEUDONYM_KEY', kind: 'required', fallback: '' },
      { name: 'REDIS_PASSWORD', kind: 'required', fallback: '' },
      { name: 'EMERGENCY_STOP', kind: 'default', fallback: 'true' },
      { name: 'UNSUBSCRIBE_SECRET', kind: 'default', fallback: 'another-default-nobody-may-see' },
    ]);
    expect(example).not.toContain('default-nobody-may-see');
    expect(filledIn(example)).toEqual(['REDIS_PASSWORD=', 'PSEUDONYM_KEY=']);
    expect(example).toContain('\n# EMERGENCY_STOP=true\n');
    // Not in the compose file, and explained all the same.
    expect(example).toContain('\n# LEAD_INBOX_DIR=\n');
  });

  test('a variable of the compose file that nobody explains stops the page', () => {
    const unknown = { name: 'NOBODY_KNOWS', kind: 'plain', fallback: '' } as const;
    expect(() => describeEnvironmentExample(variables, [unknown])).toThrow('uses NOBODY_KNOWS');
  });
});

describe('the example for Railway', () => {
  const settings = {
    build: { dockerfilePath: 'apps/x/Dockerfile' },
    deploy: { healthcheckTimeout: 9, overlapSeconds: 8, drainingSeconds: 7 },
  };
  const railway = Object.fromEntries(serviceNameSchema.options.map((service) => [service, settings]));

  test('a required variable it has no value for stops the page', () => {
    const required = variablesOf('gateway', { NEW_SECRET: secretField({ lengthMin: 1, fix: 'Set it.' }) });
    expect(() => describeStagingExample(required, railway)).toThrow('proposes ENVIRONMENT');
    const everything = serviceNameSchema.options.flatMap((service) =>
      [...stagingText.matchAll(/^([A-Z]\w+)=/gm)]
        .map(([, name = '']) => name)
        .filter((name) => !name.startsWith('RAILWAY_'))
        .flatMap((name) => variablesOf(service, { [name]: textField({ fix: 'Set it.' }) })),
    );
    expect(() => describeStagingExample([...everything, ...required], railway)).toThrow(
      'NEW_SECRET of the gateway is required',
    );
    expect(() => describeStagingExample(everything, {})).toThrow('gateway has no railway.json');
  });

  test('says with variables and in words to click what railway.json says, since Railway stops reading it', () => {
    for (const service of serviceNameSchema.options) {
      const { build, deploy } = JSON.parse(readFileSync(join(root, `apps/${service}/railway.json`), 'utf8'));
      expect(stagingText).toContain(
        [
          `RAILWAY_DOCKERFILE_PATH=${build.dockerfilePath}`,
          `RAILWAY_HEALTHCHECK_TIMEOUT_SEC=${deploy.healthcheckTimeout}`,
          `RAILWAY_DEPLOYMENT_OVERLAP_SECONDS=${deploy.overlapSeconds}`,
          `RAILWAY_DEPLOYMENT_DRAINING_SECONDS=${deploy.drainingSeconds}`,
        ].join('\n'),
      );
      const block = stagingText.slice(stagingText.indexOf(`\n# ${service}\n`)).split('\n# ---')[1] ?? '';
      expect(block.replace(/\n# (?! )/g, ' ')).toContain(
        `Healthcheck Path ${deploy.healthcheckPath}, Restart Policy Always.`,
      );
      expect(block.match(/^# {3}(\S+)$/gm)?.map((line) => line.slice(4))).toEqual(build.watchPatterns);
    }
  });
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
