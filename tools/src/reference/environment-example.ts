import { agreed, mergeVariables, type ServiceVariable, servicesOf, type Variable } from './configuration.ts';
import { comment, title } from './environment-file.ts';
import { composeVariables, variableMeanings } from './variable-meanings.ts';

/** A variable of the file .env as docker-compose.yml uses it. */
export interface ComposeUse {
  readonly name: string;
  /** `required` stops compose when it is missing; `default` and `plain` are `fallback` then. */
  readonly kind: 'required' | 'default' | 'plain';
  readonly fallback: string;
}

const needed = 'docker compose needs these';

const listOf = (services: readonly string[]): string =>
  services.length > 2
    ? `${services.slice(0, -1).join(', ')} and ${services.at(-1) ?? ''}`
    : services.join(' and ');

const words = (variable: Variable): string => {
  const fixes = agreed(variable, ({ fix }) => fix).map(({ value }) => value);
  return [variableMeanings[variable.name] ?? '', ...fixes].join(' ');
};

const isSecret = ({ readers }: Variable): boolean => readers.some(({ secret }) => secret);

/** What a variable is when nobody sets it, shown as a comment; a secret's is not shown. */
const shown = (variable: Variable, use: ComposeUse | undefined): string[] => {
  const fallbacks =
    use === undefined || use.fallback === ''
      ? agreed(variable, ({ fallback }) => fallback ?? '')
      : [{ services: servicesOf(variable), value: use.fallback }];
  return fallbacks.map(({ services, value }) => {
    const line = `${variable.name}=${isSecret(variable) ? '' : value}`;
    return fallbacks.length === 1 ? `# ${line}` : `#   ${services.join(', ')}: ${line}`;
  });
};

/**
 * .env.example: what docker compose reads from .env, and every variable of every service once. Only what has to be
 * set stands there without a #, and nothing secret is filled in. Throws for a variable of the compose file that
 * nobody explains.
 */
export const describeEnvironmentExample = (
  all: readonly ServiceVariable[],
  uses: readonly ComposeUse[],
): string => {
  const variables = mergeVariables(all);
  const services = [...new Set(all.map(({ service }) => service))];
  const useOf = new Map(uses.map((use) => [use.name, use]));
  const own = new Map(composeVariables.map((variable) => [variable.name, variable]));
  const unexplained = uses.filter(
    ({ name }) => !own.has(name) && !variables.some((variable) => variable.name === name),
  );
  if (unexplained.length > 0) {
    throw new Error(
      `docker-compose.yml uses ${unexplained.map(({ name }) => name).join(', ')}, which no service reads and composeVariables does not explain`,
    );
  }

  const passedOn = (variable: Variable): boolean => useOf.has(variable.name);
  const readBy = (variable: Variable): string =>
    servicesOf(variable).length === services.length ? '' : ` Read by ${listOf(servicesOf(variable))}.`;
  const entry = (variable: Variable): string[] => [
    '',
    ...comment(`${isSecret(variable) ? 'Secret. ' : ''}${words(variable)}${readBy(variable)}`),
    ...(useOf.get(variable.name)?.kind === 'required'
      ? [`${variable.name}=`]
      : shown(variable, useOf.get(variable.name))),
  ];
  const composeEntry = (kind: 'required' | 'optional'): string[] =>
    composeVariables
      .filter(({ name }) => (useOf.get(name)?.kind === 'required') === (kind === 'required'))
      .flatMap(({ name, secret, meaning }) => [
        '',
        ...comment(`${secret ? 'Secret. ' : ''}${meaning}`),
        kind === 'required' ? `${name}=` : `# ${name}=${useOf.get(name)?.fallback ?? ''}`,
      ]);

  const isNeeded = (variable: Variable): boolean => useOf.get(variable.name)?.kind === 'required';
  const optional = variables.filter((variable) => passedOn(variable) && !isNeeded(variable));
  const groups = new Map<string, Variable[]>();
  for (const variable of optional) {
    const readers = servicesOf(variable);
    const group = readers.length === services.length ? 'every service' : listOf(readers);
    groups.set(group, [...(groups.get(group) ?? []), variable]);
  }
  return [
    ...comment(
      'Made from the configuration of the services and docker-compose.yml by `npm run docs`; what each variable is in more words: docs/configuration.md.',
    ),
    '#',
    ...comment(
      'docker compose reads the file .env. To make it with every secret filled in: npm run caio -- env init. By hand: copy this file and fill in the lines without a #. A line that begins with # shows what the variable is when it is left out. Never commit a filled-in copy.',
    ),
    ...title(needed),
    ...composeEntry('required'),
    ...variables.filter(isNeeded).flatMap(entry),
    ...title('docker compose'),
    ...composeEntry('optional'),
    ...[...groups].flatMap(([group, members]) => [...title(group), ...members.flatMap(entry)]),
    ...title('what docker compose sets or leaves out by itself; for other ways to run the services'),
    ...variables.filter((variable) => !passedOn(variable)).flatMap(entry),
    '',
  ].join('\n');
};
