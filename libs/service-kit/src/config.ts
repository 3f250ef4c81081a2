import { parseServicePrivateKey, parseServicePublicKeys } from '@caio/auth';
import { environmentSchema, servicePorts } from '@caio/contracts';
import type { ServiceName } from '@caio/contracts';
import { logLevelSchema } from '@caio/trace-envelope';
import { z } from 'zod';
import {
  booleanField,
  choiceField,
  integerField,
  metaOf,
  parsedField,
  redisUrlField,
  secretField,
  textField,
} from './config-fields.ts';
import { parseFaultPlan } from './fault-points.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Every problem of the environment at once, one line each; never the value of a variable. */
export class ConfigError extends Error {
  readonly code = 'config_invalid';
  readonly problems: readonly string[];
  constructor(service: string, problems: readonly string[]) {
    super(
      [
        `${service} cannot start, its configuration has problems:`,
        ...problems.map((line) => `  - ${line}`),
        'What each variable is: docs/configuration.md.',
      ].join('\n'),
    );
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** The variables that every service reads. HOST's default depends on ENVIRONMENT and is filled in by `loadConfig`. */
export const baseConfig = (service: ServiceName) => ({
  ENVIRONMENT: environmentSchema
    .default('local')
    .meta({ fix: 'Set it to local, staging, production or a name like test-1.' }),
  PORT: integerField({ min: 0, max: 65_535, fallback: servicePorts[service] }),
  HOST: textField({ fix: 'Set an address to listen on, or leave it out.', lengthMax: 255 }).optional(),
  REDIS_URL: redisUrlField(),
  LOG_LEVEL: choiceField(logLevelSchema.options, 'info'),
  TRACE_ENVELOPE_FILE: textField({ fix: 'Set a file path, or leave it out.' }).default(
    '.hive-mind/traces/tool_trace_envelopes.jsonl',
  ),
  TRACE_ENVELOPE_ENABLED: booleanField('true'),
  TRACE_RETENTION_DAYS: integerField({ min: 1, max: 3_650, fallback: 30 }),
  TRACE_CLEANUP_ENABLED: booleanField('true'),
  SERVICE_PRIVATE_KEY: parsedField({
    parse: parseServicePrivateKey,
    fix: 'Make a key pair per service with: npm run caio -- keys',
    sensitivity: 'secret',
  }),
  SERVICE_PUBLIC_KEYS: parsedField({
    parse: parseServicePublicKeys,
    fix: 'Set the JSON object that npm run caio -- keys prints; it is the same for every service.',
    sensitivity: 'public',
  }),
  METRICS_TOKEN: secretField({
    lengthMin: 16,
    fix: 'Make one: openssl rand -base64 33 | tr "+/" "-_", or leave it out.',
  }).optional(),
  DRAIN_MS: integerField({ min: 0, max: 600_000, fallback: 10_000 }),
  FAULT_PLAN: parsedField({
    parse: parseFaultPlan,
    fix: 'Remove it, or set it like kill:after-admit:1.',
    sensitivity: 'public',
  }).optional(),
});

type BaseShape = ReturnType<typeof baseConfig>;
export type BaseConfig = Omit<z.output<z.ZodObject<BaseShape>>, 'HOST'> & { HOST: string };

/** Whether an environment is one where nothing real can happen: `local`, or a name starting with `test`. */
export const isRehearsal = (environment: string): boolean =>
  environment === 'local' || environment.startsWith('test');

const shapeProblem = (value: string): string | null => {
  if (/[\r\n]/.test(value)) return 'contains a line break';
  const trimmed = value.trim();
  if (trimmed.length >= 2 && /^(["'`]).*\1$/.test(trimmed)) return 'is wrapped in quotes';
  if (trimmed !== value) return 'has spaces around it';
  return null;
};

const shapeFix = 'Set the bare value, with nothing around it.';

const lineOf = (name: string, problem: string, fix: string | undefined): string =>
  `${name} ${problem}. ${fix ?? 'See docs/configuration.md.'}`;

const problemOf = (issue: z.core.$ZodIssue, isSet: boolean): string => {
  if (!isSet) return 'is not set';
  return issue.code === 'custom' || /^(is|has|does|contains|names|holds) /.test(issue.message)
    ? issue.message
    : 'has a value that cannot be read';
};

const freezeDeep = (value: unknown): void => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return;
  Object.freeze(value);
  for (const item of Object.values(value)) freezeDeep(item);
};

/**
 * Reads the environment once into a frozen object: the variables every service shares plus those of `schema`
 * (an object schema keyed by variable name, best built from the field builders). Unknown variables are ignored.
 * Throws `ConfigError` naming every problem.
 */
export const loadConfig = <S extends z.ZodRawShape>(
  schema: z.ZodObject<S>,
  env: Environment,
  service: ServiceName,
): Readonly<BaseConfig & z.output<z.ZodObject<S>>> => {
  const base = z.object(baseConfig(service));
  const problems: string[] = [];
  const raw: Record<string, string> = {};
  const shapes: readonly [string, unknown][] = [
    ...Object.entries(base.shape),
    ...Object.entries(schema.shape),
  ];
  const misshapen = new Set<string>();

  for (const [name, field] of shapes) {
    const value = env[name];
    if (value === undefined || value === '') continue;
    const problem = metaOf(field).spaces === 'trimmed' ? null : shapeProblem(value);
    if (problem === null) raw[name] = value;
    else if (!misshapen.has(name)) {
      misshapen.add(name);
      problems.push(lineOf(name, problem, shapeFix));
    }
  }

  const fixes = new Map(shapes.map(([name, field]) => [name, metaOf(field).fix]));
  const collect = (issues: readonly z.core.$ZodIssue[]): void => {
    for (const issue of issues) {
      const name = String(issue.path[0] ?? service);
      if (misshapen.has(name)) continue;
      problems.push(
        lineOf(name, problemOf(issue, raw[name] !== undefined || issue.path.length === 0), fixes.get(name)),
      );
    }
  };

  const shared = base.safeParse(raw);
  const own = schema.safeParse(raw);
  if (!shared.success) collect(shared.error.issues);
  if (!own.success) collect(own.error.issues);

  const environment = environmentSchema.safeParse(raw['ENVIRONMENT'] ?? 'local');
  if (raw['FAULT_PLAN'] !== undefined && environment.success && !isRehearsal(environment.data)) {
    problems.push(
      lineOf(
        'FAULT_PLAN',
        'is set, and this environment is neither local nor a test',
        'Remove the variable.',
      ),
    );
  }
  if (!shared.success || !own.success || problems.length > 0)
    throw new ConfigError(service, [...new Set(problems)]);

  const HOST = shared.data.HOST ?? (shared.data.ENVIRONMENT === 'local' ? '127.0.0.1' : '::');
  const config = { ...shared.data, HOST, ...own.data };
  freezeDeep(config);
  return config;
};

/** The values of every variable marked secret, for `redactor.addSecret`. A Redis address counts by its password. */
export const secretsOf = (schema: z.ZodObject, env: Environment, service: ServiceName): readonly string[] => {
  const secrets: string[] = [];
  for (const [name, field] of Object.entries({ ...baseConfig(service), ...schema.shape })) {
    const value = env[name];
    if (value === undefined || value === '' || metaOf(field).sensitivity !== 'secret') continue;
    secrets.push(value);
    if (/^rediss?:\/\//.test(value)) {
      try {
        const { password } = new URL(value);
        if (password !== '') secrets.push(password, decodeURIComponent(password));
      } catch {
        // Not a URL: the whole value is in the list already.
      }
    }
  }
  return secrets;
};

/** The environment of this process: the one place of the services that touches it. */
export const processEnvironment = (): Environment => ({ ...process.env });
