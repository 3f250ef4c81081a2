import { formerVariables } from '@caio/service-kit';
import { agreed, mergeVariables, type ServiceVariable, servicesOf, type Variable } from './configuration.ts';
import { code, madeFrom, page, table } from './markdown.ts';
import { composeVariables, toolVariables, variableMeanings } from './variable-meanings.ts';

const meaningOf = ({ name }: Variable): string => {
  const meaning = variableMeanings[name];
  if (meaning === undefined)
    throw new Error(`${name} is not explained: add it to tools/src/reference/variable-meanings.ts`);
  return meaning;
};

const sayFallback = ({ fallback, secret }: ServiceVariable): string => {
  if (fallback === null) return 'required';
  if (fallback === '') return 'may be left out';
  return secret ? 'has one' : code(fallback);
};

const perService = (variable: Variable, value: (reader: ServiceVariable) => string): string => {
  const values = agreed(variable, value);
  return values.length === 1
    ? (values[0]?.value ?? '')
    : values.map(({ services, value: own }) => `${services.join(', ')}: ${own}`).join('; ');
};

const variableTable = (variables: readonly Variable[]): string =>
  table(
    ['Variable', 'Default', 'Secret', 'What it is', 'How to set it'],
    variables.map((variable) => [
      code(variable.name),
      perService(variable, sayFallback),
      variable.readers.some(({ secret }) => secret) ? 'yes' : 'no',
      meaningOf(variable),
      perService(variable, ({ fix }) => fix),
    ]),
  );

/** docs/configuration.md. Throws when an explained variable is read by nobody. */
export const describeConfiguration = (all: readonly ServiceVariable[]): string => {
  const variables = mergeVariables(all);
  variables.forEach(meaningOf);
  const services = [...new Set(all.map(({ service }) => service))];
  const stale = Object.keys(variableMeanings).filter(
    (name) => !variables.some((known) => known.name === name),
  );
  if (stale.length > 0) throw new Error(`explained but read by no service: ${stale.join(', ')}`);
  const everyService = variables.filter((variable) => servicesOf(variable).length === services.length);
  const some = variables.filter((variable) => !everyService.includes(variable));
  return page(
    '# Configuration',
    madeFrom(
      'libs/service-kit/src/config.ts, apps/*/src/config.ts and tools/src/reference/variable-meanings.ts',
    ),
    'Services are configured by environment variables, read once at the start. A service that cannot start prints every problem at once, each with its fix, and never a value. A variable that is empty counts as not set. Unknown variables are ignored, but those of the former system are named in the log, with what replaces them.',
    'Set the bare value: quotes, spaces around it and line breaks are reported as problems. Secrets appear in no log, trace or error. [.env.example](../.env.example) has the same variables for docker compose, [.env.staging.example](../.env.staging.example) for Railway.',
    'On a laptop none of this is needed: `npm start` makes keys and secrets and keeps them in `.hive-mind/local/secrets.json`.',
    '## Every service',
    variableTable(everyService),
    services.flatMap((service) => [
      `## ${service.charAt(0).toUpperCase()}${service.slice(1)}`,
      variableTable(
        some
          .filter((variable) => servicesOf(variable).includes(service))
          .map(({ name, readers }) => ({
            name,
            readers: readers.filter((reader) => reader.service === service),
          })),
      ),
    ]),
    '## Making keys and secrets',
    '`npm run caio -- keys` prints a key pair for each service: the private ones go to their service alone, the public ones to all. A random secret: `openssl rand -base64 33 | tr "+/" "-_"`. The digest of a token for ACCESS_TOKENS: `printf %s "$TOKEN" | sha256sum`.',
    '`npm run caio -- env init` makes all of them at once and writes the file .env for docker compose; with `--staging` it writes .env.staging, with a block for each service.',
    '## docker compose',
    'Read from .env by docker-compose.yml and handed on under another name, or to compose itself. Everything else in .env has the name the services know.',
    table(
      ['Variable', 'Secret', 'What it is'],
      composeVariables.map(({ name, secret, meaning }) => [code(name), secret ? 'yes' : 'no', meaning]),
    ),
    '## The command line and the local stack',
    'Read by `npm run caio`, `npm start` and `npm test`, not by the services.',
    table(
      ['Variable', 'What it is'],
      toolVariables.map(({ name, meaning }) => [code(name), meaning]),
    ),
    '## Variables of the former system',
    'These have no effect here. A service that finds one set says so in one warning when it starts, by name and without its value. docker compose hands only the variables that docker-compose.yml names on to the services, so look through an old .env yourself. Variables of the former system that are in a table above have kept their name, and mean what it says there.',
    table(
      ['Variable', 'Instead'],
      Object.entries(formerVariables).map(([name, instead]) => [code(name), instead]),
    ),
  );
};
